// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/train/RunBar.h"

#include "tests/support/FindChild.h"
#include "tests/support/SnapshotBuilder.h"
#include "ui/TextLabel.h"

#include <gtest/gtest.h>

#include <QProgressBar>

namespace dubito::ui {
namespace {

using tests::findChild;
using tests::SnapshotBuilder;

TEST(RunBar, SaysStateStepAndWhatIsLeft)
{
    RunBar bar;
    bar.display(SnapshotBuilder().running(3120).build());
    EXPECT_EQ(findChild<Chip>(bar, "runState")->word(), QStringLiteral("Running"));
    EXPECT_EQ(findChild<TextLabel>(bar, "runStep")->text(), QStringLiteral("step 3,120 / 5,000"));
    EXPECT_EQ(findChild<TextLabel>(bar, "runLeft")->text(), QStringLiteral("55 min left"));
    EXPECT_EQ(findChild<QProgressBar>(bar, "runProgress")->value(), 624);
}

TEST(RunBar, ADrillIsImpossibleToMiss)
{
    RunBar bar;
    bar.display(SnapshotBuilder().leaking().build());
    EXPECT_FALSE(findChild<Chip>(bar, "drillChip")->isHidden());
    EXPECT_EQ(findChild<Chip>(bar, "drillChip")->word(), QStringLiteral("Drill: activations 4.0 MB/step"));
    bar.display(SnapshotBuilder().running(1).build());
    EXPECT_TRUE(findChild<Chip>(bar, "drillChip")->isHidden());
}

TEST(RunBar, NothingRunsShowsNoProgress)
{
    RunBar bar;
    bar.display(SnapshotBuilder().build());
    EXPECT_TRUE(findChild<QProgressBar>(bar, "runProgress")->isHidden());
}

} // namespace
} // namespace dubito::ui
