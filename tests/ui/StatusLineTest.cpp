// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/StatusLine.h"

#include "tests/support/FindChild.h"
#include "tests/support/SnapshotBuilder.h"
#include "ui/TextLabel.h"

#include <gtest/gtest.h>

namespace dubito::ui {
namespace {

using tests::SnapshotBuilder;

QString shown(StatusLine& line, const char* name) { return tests::findChild<TextLabel>(line, name)->text(); }

TEST(StatusLine, SaysTheLeakInWords)
{
    StatusLine line;
    line.display(SnapshotBuilder().running(3120).build(), {}, Sleep::Allowed);
    EXPECT_EQ(shown(line, "statusLeak"), QStringLiteral("no leak above 0.02 MB/step"));
    line.display(SnapshotBuilder().leaking().build(), {}, Sleep::Allowed);
    EXPECT_EQ(shown(line, "statusLeak"), QStringLiteral("leak in activations, 4.0 MB/step"));
    line.display(SnapshotBuilder().running(3).leak({}).build(), {}, Sleep::Allowed);
    EXPECT_EQ(shown(line, "statusLeak"), QStringLiteral("leak: too early to tell"));
}

TEST(StatusLine, ShowsItsOwnLagAndCost)
{
    StatusLine line;
    line.display(SnapshotBuilder().running(3120).build(), { 3.2, 0.04 }, Sleep::Inhibited);
    EXPECT_EQ(shown(line, "statusLag"), QStringLiteral("window lag  3 ms"));
    EXPECT_EQ(shown(line, "statusCost"), QStringLiteral("window  4 % of a core"));
    EXPECT_EQ(shown(line, "statusSleep"), QStringLiteral("sleep inhibited"));
    EXPECT_EQ(shown(line, "statusSaved"), QStringLiteral("saved  120 steps ago"));
}

} // namespace
} // namespace dubito::ui
