// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/chart/PlotAxes.h"

#include "tests/ui/chart/PlotSamples.h"

#include <gtest/gtest.h>

#include <set>

namespace {

using namespace dubito::tests;
using namespace dubito::ui::chart;

std::string textsOf(const std::vector<Tick>& ticks)
{
    std::string all;
    for (const Tick& tick : ticks) {
        all += (all.empty() ? "" : " ") + tick.text.toStdString();
    }
    return all;
}

const View kHundredSteps { XUnit::Step, { 0, 100 }, 100 };

TEST(PlotAxes, AFlatLineHasRoomAboveAndBelow)
{
    const YRange range = paddedRange(extentOf(trackFrom({ 5, 5, 5 }), kHundredSteps), Scale::Linear);
    EXPECT_LT(range.from, 4.9);
    EXPECT_GT(range.to, 5.1);
}

TEST(PlotAxes, AFlatLineAtZeroHasRoomToo)
{
    EXPECT_EQ(paddedRange(extentOf(trackFrom({ 0, 0 }), kHundredSteps), Scale::Linear), (YRange { -0.5, 0.5 }));
}

TEST(PlotAxes, NothingGivesARangeThatCanBeDrawn)
{
    EXPECT_EQ(paddedRange(std::nullopt, Scale::Linear), (YRange { 0, 1 }));
    EXPECT_GT(paddedRange(std::nullopt, Scale::Log).from, 0);
}

TEST(PlotAxes, HugeNumbersGiveAFiniteRange)
{
    for (const Scale scale : { Scale::Linear, Scale::Log }) {
        const YRange range = paddedRange(extentOf(trackFrom({ -1e308, 1e308, 1e-308 }), kHundredSteps), scale);
        EXPECT_TRUE(std::isfinite(range.from) && std::isfinite(range.to));
        EXPECT_LT(range.from, range.to);
        EXPECT_FALSE(ticks(YAxis(range, scale), 5).empty());
    }
}

TEST(PlotAxes, ALogAxisSurvivesZeroInfinityAndNegativeOnes)
{
    const YRange range = paddedRange(extentOf(trackFrom({ 0, -3, kInfinity, 0.01, 10 }), kHundredSteps), Scale::Log);
    EXPECT_GT(range.from, 0);
    EXPECT_LT(range.from, 0.01);
    const YAxis axis(range, Scale::Log);
    EXPECT_LT(axis.at(0), 0);
    EXPECT_LT(axis.at(-3), 0);
    EXPECT_TRUE(std::isfinite(axis.at(kInfinity)));
}

TEST(PlotAxes, ALogAxisOfNothingPositiveStillDraws)
{
    const YRange range = paddedRange(extentOf(trackFrom({ 0, -1 }), kHundredSteps), Scale::Log);
    EXPECT_EQ(range, (YRange { 0.1, 10 }));
}

TEST(PlotAxes, TicksAreRoundNumbers)
{
    EXPECT_EQ(textsOf(ticks(YAxis({ 3.4, 7.2 }, Scale::Linear), 4)), "4 5 6 7");
    EXPECT_EQ(textsOf(ticks(YAxis({ 0, 2500 }, Scale::Linear), 3)), "0 1,000 2,000");
    EXPECT_EQ(textsOf(ticks(YAxis({ -0.3, 0.3 }, Scale::Linear), 3)), "−0.2 0.0 0.2");
    EXPECT_EQ(textsOf(ticks(YAxis({ 0.05, 20 }, Scale::Log), 5)), "0.05 0.1 0.2 0.5 1 2 5 10 20");
    EXPECT_EQ(textsOf(ticks(YAxis({ 2.6, 4.4 }, Scale::Log), 4)), "3.0 3.5 4.0"); // less than a decade
}

TEST(PlotAxes, StepsAreWholeAndTimesAreRound)
{
    EXPECT_EQ(textsOf(xTicks(XUnit::Step, { 0, 3 }, 10)), "0 1 2 3");
    EXPECT_EQ(textsOf(xTicks(XUnit::Step, { 0, 3500 }, 4)), "0 1,000 2,000 3,000");
    EXPECT_EQ(textsOf(xTicks(XUnit::Time, { 0, 100 }, 5)), "0:00 0:30 1:00 1:30");
}

TEST(PlotAxes, TheEndOfTheRunHasTenToThirtyPercentOfRoomAndSeldomMoves)
{
    std::set<double> ends;
    for (double step = 100; step <= 10'000; ++step) {
        const double end = grownEnd(step);
        EXPECT_GE(end, step * 1.1 - 1e-6);
        EXPECT_LE(end, step * 1.21 + 2);
        ends.insert(end);
    }
    EXPECT_LT(ends.size(), 80U);
    EXPECT_EQ(grownEnd(kNaN), 50);
}

TEST(PlotAxes, MostOfATrackLeavesOutAFewOutliers)
{
    std::vector<double> values(200, 1.0);
    values[10] = 500;
    Track track = trackFrom(values);
    View view = kHundredSteps;
    view.range.to = 300;
    EXPECT_EQ(extentOf(track, view)->high, 500);
    track.reach = Reach::Most;
    EXPECT_EQ(extentOf(track, view)->high, 1);
    track.reach = Reach::Nothing;
    EXPECT_FALSE(extentOf(track, view));
}

} // namespace
