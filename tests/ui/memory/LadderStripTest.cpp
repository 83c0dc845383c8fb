// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/memory/LadderStrip.h"

#include "tests/support/SnapshotBuilder.h"

#include <gtest/gtest.h>

namespace dubito::ui {
namespace {

TEST(LadderStrip, RungsBelowThePresentOneAreDoneAndThoseAboveWait)
{
    const auto rungs = rungsOf(tests::SnapshotBuilder().leaking().build().reload);
    EXPECT_EQ(rungs[0].symbol, Symbol::Tick);
    EXPECT_EQ(rungs[2].symbol, Symbol::Tick);
    EXPECT_TRUE(rungs[3].isCurrent);
    EXPECT_EQ(rungs[3].symbol, Symbol::Current);
    EXPECT_EQ(rungs[4].symbol, Symbol::Pending);
    EXPECT_EQ(rungs[3].note, QStringLiteral("2.8 s of about 9 s"));
}

TEST(LadderStrip, AfterAClimbTheLastRungTellsItsEnd)
{
    reload::ReloadStatus reload;
    reload.lastOutcome = reload::Outcome::Retained;
    EXPECT_EQ(rungsOf(reload)[4].symbol, Symbol::Warn);
    reload.lastOutcome = reload::Outcome::Ok;
    EXPECT_EQ(rungsOf(reload)[4].symbol, Symbol::Tick);
    reload.lastOutcome = reload::Outcome::Relieved;
    EXPECT_EQ(rungsOf(reload)[1].symbol, Symbol::Tick);
    EXPECT_EQ(rungsOf(reload)[3].symbol, Symbol::Pending);
}

TEST(LadderStrip, SaysItselfToAScreenReader)
{
    LadderStrip strip;
    strip.display(tests::SnapshotBuilder().leaking().build());
    EXPECT_TRUE(strip.accessibleName().contains(QStringLiteral("now 4  reload")));
}

} // namespace
} // namespace dubito::ui
