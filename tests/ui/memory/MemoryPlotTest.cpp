// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/memory/MemoryPlot.h"

#include "tests/support/SnapshotBuilder.h"
#include "tests/ui/chart/FindTrack.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace {

using namespace dubito;
using namespace dubito::tests;
using namespace dubito::ui::memory;

TEST(MemoryPlot, LargeRunsAreShownInGiB)
{
    const auto content = memoryContent(SnapshotBuilder().recorded().build());
    EXPECT_EQ(content.unit.toStdString(), "GiB");
    EXPECT_NEAR(ui::chart::newest(trackOf(content, "rss").points)->mean, 5.2, 0.3);
}

TEST(MemoryPlot, SmallRunsAreShownInMiB)
{
    auto snapshot = SnapshotBuilder().running(10).series(metrics::Metric::Resident, { 90, 91 }).build();
    snapshot.memory.peakResident = 91 << 20;
    const auto content = memoryContent(snapshot);
    EXPECT_EQ(content.unit.toStdString(), "MiB");
    EXPECT_DOUBLE_EQ(ui::chart::newest(trackOf(content, "rss").points)->mean, 91);
}

TEST(MemoryPlot, LimitsThatAreOffAreNotDrawn)
{
    auto snapshot = SnapshotBuilder().recorded().build();
    snapshot.memory.limits.budget = 0;
    snapshot.memory.limits.reloadThreshold = 0;
    for (const auto& limit : memoryContent(snapshot).limits) {
        EXPECT_NE(limit.title.toStdString(), "budget");
        EXPECT_NE(limit.title.toStdString(), "reload at");
    }
}

TEST(MemoryPlot, PauseStandsWhereTheMachineWouldHaveTooLittleLeft)
{
    auto snapshot = SnapshotBuilder().recorded().build();
    snapshot.memory.latest.resident = 5LL << 30;
    snapshot.memory.latest.available = 18LL << 30;
    snapshot.memory.limits.pauseAvailable = 4LL << 30;
    const auto content = memoryContent(snapshot);
    const auto pause = std::ranges::find(content.limits, QStringLiteral("pause"), &ui::chart::Limit::title);
    ASSERT_NE(pause, content.limits.end());
    EXPECT_DOUBLE_EQ(pause->value, 19);
}

TEST(MemoryPlot, TheForecastGrowsWithTheLeakAndIsSilentWhileNothingIsKnown)
{
    auto snapshot = SnapshotBuilder().recorded().build();
    snapshot.memory.leak = leakOf(Category::Activations, 4);
    const auto ahead = trackOf(memoryContent(snapshot), "forecast").points;
    ASSERT_EQ(ahead.size(), 2U);
    EXPECT_GT(ahead.back().mean, ahead.front().mean);
    EXPECT_LT(ahead.back().low, ahead.back().high);
    snapshot.memory.leak = {};
    EXPECT_TRUE(trackOf(memoryContent(snapshot), "forecast").points.empty());
}

TEST(MemoryPlot, NothingMeansNoAxisAndASentence)
{
    const auto content = memoryContent({});
    EXPECT_TRUE(content.limits.empty());
    EXPECT_FALSE(content.emptyText.isEmpty());
}

} // namespace
