// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/memory/LeakPlot.h"

#include "tests/support/SnapshotBuilder.h"

#include <gtest/gtest.h>

namespace {

using namespace dubito;
using namespace dubito::tests;
using namespace dubito::ui::memory;

TEST(LeakPlot, AHealthyRunNamesTheSmallestVisibleLeak)
{
    const auto content = leakContent(SnapshotBuilder().recorded().build());
    EXPECT_EQ(content.note.toStdString(), "smallest visible leak 0.02");
    EXPECT_TRUE(content.alarm.isEmpty());
}

TEST(LeakPlot, AnActVerdictSaysWhoAndWhy)
{
    auto snapshot = SnapshotBuilder().recorded().build();
    snapshot.memory.leak = leakOf(Category::Activations, 4);
    const auto content = leakContent(snapshot);
    EXPECT_EQ(content.alarm.toStdString(), "act: activations grows");
    EXPECT_EQ(content.alarmShape, ui::chart::MarkShape::Square);
    EXPECT_FALSE(content.alarmEvidence.isEmpty());
    snapshot.memory.leak.decision = dubito::memory::Decision::Warn;
    EXPECT_EQ(leakContent(snapshot).alarmShape, ui::chart::MarkShape::Triangle);
}

TEST(LeakPlot, TheThresholdOfTheConfigurationIsAlwaysInView)
{
    auto config = config::Config {};
    config.training.memoryLeakThresholdMb = 2.5;
    const auto content = leakContent(SnapshotBuilder().recorded().config(config).build());
    ASSERT_EQ(content.limits.size(), 1U);
    EXPECT_DOUBLE_EQ(content.limits[0].value, 2.5);
    EXPECT_TRUE(content.limits[0].needsToBeSeen);
}

TEST(LeakPlot, AnUnknownEstimateIsNoError)
{
    const auto content = leakContent(SnapshotBuilder().running(5).build());
    for (const auto& track : content.tracks) {
        EXPECT_FALSE(track.marksNonFinite);
    }
}

} // namespace
