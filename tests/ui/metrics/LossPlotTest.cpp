// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/metrics/LossPlot.h"

#include "tests/support/SnapshotBuilder.h"
#include "tests/ui/chart/FindTrack.h"
#include "ui/chart/PlotFrame.h"

#include <gtest/gtest.h>

namespace {

using namespace dubito::tests;
using namespace dubito::ui;
using namespace dubito::ui::metrics;
using dubito::metrics::Metric;

TEST(LossPlot, CrossEntropyIsTheAnswerWithItsRawLineBehind)
{
    const auto content = lossContent(SnapshotBuilder().running(2).loss({ 3.2, 2.9 }).build());
    const auto& answer = trackOf(content, "ce");
    EXPECT_EQ(answer.ink, chart::Ink::C1);
    EXPECT_EQ(answer.width, 2);
    EXPECT_EQ(answer.raw, chart::RawLine::Faint);
    EXPECT_DOUBLE_EQ(chart::newest(answer.points)->mean, 2.9);
    EXPECT_EQ(answer.rank, 1);
}

TEST(LossPlot, ThePublishedTotalIsOffAtFirst)
{
    EXPECT_EQ(trackOf(lossContent({}), "published_total").atFirst, chart::Switch::Off);
}

TEST(LossPlot, ABranchThatWasGivenUpIsAGhost)
{
    auto snapshot = SnapshotBuilder().running(2).loss({ 3.2, 2.9 }).build();
    EXPECT_FALSE(trackOf(lossContent(snapshot), "rolled_back").inLegend);
    snapshot.rolledBack = std::make_shared<const std::vector<dubito::metrics::Sample>>(2, dubito::metrics::Sample { 9, std::chrono::milliseconds(9), 2.5 });
    const auto content = lossContent(snapshot);
    EXPECT_TRUE(trackOf(content, "rolled_back").inLegend);
    EXPECT_EQ(trackOf(content, "rolled_back").points.size(), 2U);
    EXPECT_EQ(trackOf(content, "rolled_back").reach, chart::Reach::Nothing) << "it does not count as progress";
}

TEST(LossPlot, ValidationIsHollowDots)
{
    const auto content
        = lossContent(SnapshotBuilder().running(100).series(Metric::Validation, { 3.1, 3.0 }, 50).build());
    EXPECT_EQ(trackOf(content, "validation_ce").shape, chart::Shape::Dots);
    EXPECT_EQ(trackOf(content, "validation_ce").points.size(), 2U);
}

} // namespace
