// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/chart/Decimate.h"

#include "tests/ui/chart/PlotSamples.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace {

using namespace dubito::tests;
using namespace dubito::ui::chart;

View viewOf(double from, double to, int columns) { return { XUnit::Step, { from, to }, columns }; }

std::vector<double> noise(std::size_t count)
{
    std::mt19937 random(7);
    std::normal_distribution<double> normal(0, 1);
    std::vector<double> values(count);
    std::ranges::generate(values, [&] { return normal(random); });
    return values;
}

double highest(const std::vector<QPointF>& line)
{
    return std::ranges::max_element(line, {}, [](const QPointF& point) { return point.y(); })->y();
}

TEST(Decimate, NoMoreThanTwoPointsStandInAColumn)
{
    const auto columns = toColumns(pointsFrom(noise(1500)), viewOf(0, 1500, 300));
    EXPECT_LE(columns.size(), 301U);
    EXPECT_LE(toLine(columns).size(), 2 * columns.size());
}

TEST(Decimate, APeakOfOneStepSurvivesAnyWidth)
{
    auto values = noise(1500);
    values[777] = 100;
    const auto points = pointsFrom(values);
    for (const int width : { 1, 7, 100, 599, 3000 }) {
        EXPECT_EQ(highest(toLine(toColumns(points, viewOf(0, 1500, width)))), 100) << width << " columns";
    }
}

TEST(Decimate, TheExtremesOfAColumnComeInTheirOrder)
{
    const auto line = toLine(toColumns(pointsFrom({ 5, 1, 9 }), viewOf(0, 10, 1)));
    ASSERT_EQ(line.size(), 2U);
    EXPECT_EQ(line[0].y(), 1);
    EXPECT_EQ(line[1].y(), 9);
    const auto falling = toLine(toColumns(pointsFrom({ 9, 5, 1 }), viewOf(0, 10, 1)));
    EXPECT_EQ(falling[0].y(), 9);
}

TEST(Decimate, OutsideTheViewOnePointOnEachSideIsKept)
{
    const auto line = toLine(toColumns(pointsFrom(noise(1000)), viewOf(500, 510, 600)));
    EXPECT_EQ(line.size(), 13U); // 500 … 510, and 499 and 511
    EXPECT_EQ(line.front().x(), 499);
    EXPECT_EQ(line.back().x(), 511);
}

TEST(Decimate, NothingThatIsNotFiniteComesOut)
{
    const auto points = pointsFrom({ 1, kNaN, kInfinity, -kInfinity, 2 });
    const View view = viewOf(0, 10, 100);
    const auto line = toLine(toColumns(points, view));
    EXPECT_EQ(line.size(), 2U);
    EXPECT_TRUE(std::ranges::all_of(line, [](const QPointF& point) { return std::isfinite(point.y()); }));
    EXPECT_EQ(nonFiniteAt(points, view), (std::vector<double> { 2, 3, 4 }));
}

TEST(Decimate, NonFiniteOnesOfOneColumnAreOneMark)
{
    EXPECT_EQ(nonFiniteAt(pointsFrom(std::vector<double>(1000, kNaN)), viewOf(0, 1000, 10)).size(), 11U);
}

TEST(Decimate, BarsStartAndEndAtZero)
{
    const auto bars = toBars(toColumns(pointsFrom({ 3, -2 }), viewOf(0, 3, 300)));
    ASSERT_EQ(bars.size(), 6U);
    EXPECT_EQ(bars[0].y(), 0);
    EXPECT_EQ(bars[1].y(), 3);
    EXPECT_EQ(bars[2].y(), 0);
    EXPECT_EQ(bars[4].y(), -2);
}

TEST(Decimate, AnEmptyTrackOrAnEmptyViewGivesNothing)
{
    EXPECT_TRUE(toColumns({}, viewOf(0, 1, 100)).empty());
    EXPECT_TRUE(toColumns(pointsFrom({ 1, 2 }), viewOf(5, 5, 100)).empty());
    EXPECT_TRUE(toColumns(pointsFrom({ 1, 2 }), viewOf(0, 5, 0)).empty());
    EXPECT_TRUE(toLine({}).empty());
    EXPECT_TRUE(toBars({}).empty());
}

} // namespace
