// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/memory/GuardianCard.h"

#include "tests/support/SnapshotBuilder.h"

#include <gtest/gtest.h>

namespace dubito::ui {
namespace {

using tests::SnapshotBuilder;

TEST(GuardianCard, AtRestItSaysWhatItDidAndWillDo)
{
    const GuardianText text = guardianOf(SnapshotBuilder().recorded().build());
    EXPECT_EQ(text.word, QStringLiteral("OK"));
    EXPECT_EQ(text.facts[0].second, QStringLiteral("at 6.80 GiB"));
    EXPECT_EQ(text.facts[1].second, QStringLiteral("1,280 steps ago"));
    EXPECT_EQ(text.facts[2].second, QStringLiteral("412 MiB in 9.2 s"));
    EXPECT_EQ(text.facts[3].second, QStringLiteral("1, together 3:41"));
}

TEST(GuardianCard, WhileItClimbsItNamesTheRung)
{
    const GuardianText text = guardianOf(SnapshotBuilder().leaking().build());
    EXPECT_EQ(text.rest, QStringLiteral("rung 4 of 5"));
    EXPECT_EQ(text.facts[1].second, QStringLiteral("1 this hour"));
}

TEST(GuardianCard, GivingUpOutranksEverythingAtRest)
{
    auto snapshot = SnapshotBuilder().recorded().state(train::RunState::Paused).build();
    snapshot.reload.lastOutcome = reload::Outcome::GaveUp;
    EXPECT_EQ(guardianOf(snapshot).tone, Tone::Failed);
}

TEST(GuardianCard, IsIdleWhenNothingRuns)
{
    EXPECT_EQ(guardianOf(SnapshotBuilder().build()).symbol, Symbol::Idle);
}

} // namespace
} // namespace dubito::ui
