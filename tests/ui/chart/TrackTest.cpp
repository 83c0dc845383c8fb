// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/chart/Track.h"

#include "tests/ui/chart/PlotSamples.h"

#include <gtest/gtest.h>

namespace {

using namespace dubito;
using namespace dubito::tests;
using namespace dubito::ui::chart;

metrics::Bucket bucket(std::int64_t first, std::int64_t last, double low, double high)
{
    return { .firstStep = first,
        .lastStep = last,
        .firstTime = std::chrono::seconds(first),
        .lastTime = std::chrono::seconds(last),
        .minimum = low,
        .maximum = high,
        .sum = (low + high) / 2 * static_cast<double>(last - first + 1),
        .samples = last - first + 1,
        .nonFinite = 0 };
}

TEST(Track, WhatIsKnownRawIsTakenRawAndWhatIsFoldedStaysBeforeIt)
{
    metrics::Series series;
    series.buckets = { bucket(1, 4, 1, 9), bucket(5, 8, 2, 3), bucket(9, 12, 0, 1) };
    series.latest = { { 7, std::chrono::seconds(7), 2.5 }, { 8, std::chrono::seconds(8), 2.5 },
        { 9, std::chrono::seconds(9), 0.5 } };
    const auto points = toPoints(series, 10);
    ASSERT_EQ(points.size(), 5U);
    EXPECT_EQ(points[0].step, 2);
    EXPECT_DOUBLE_EQ(points[0].high, 90);
    EXPECT_EQ(points[1].step, 6); // the bucket across the seam
    EXPECT_EQ(points[2].step, 7);
    EXPECT_EQ(points[2].samples, 1);
    EXPECT_DOUBLE_EQ(points[4].mean, 5);
}

TEST(Track, WhatIsNotFiniteIsCountedAndHasNoValue)
{
    metrics::Series series;
    series.buckets = { bucket(1, 4, -kInfinity, kInfinity) };
    series.latest = { { 5, {}, kNaN }, { 6, {}, 1.0 } };
    const auto points = toPoints(series, 1);
    ASSERT_EQ(points.size(), 3U);
    EXPECT_EQ(points[0].samples, 0);
    EXPECT_EQ(points[0].nonFinite, 4);
    EXPECT_EQ(points[0].high, 0);
    EXPECT_EQ(points[1].nonFinite, 1);
    EXPECT_EQ(newest(points)->step, 6);
}

TEST(Track, ABandHasAGapWhereOneOfItsEdgesIsNotKnown)
{
    const auto band = between(pointsFrom({ 1, 2, kNaN, 4 }), pointsFrom({ 2, 4, 6, 3 }));
    ASSERT_EQ(band.size(), 4U);
    EXPECT_DOUBLE_EQ(band[1].low, 2);
    EXPECT_DOUBLE_EQ(band[1].high, 4);
    EXPECT_EQ(band[2].samples, 0);
    EXPECT_DOUBLE_EQ(band[3].high, 4); // never below its lower edge
}

TEST(Track, LayersStandOnEachOtherAndKeepTheirOwnValue)
{
    std::vector<std::vector<TrackPoint>> layers { pointsFrom({ 1, 1, 1 }), pointsFrom({ 2, 3 }) };
    stackUp(layers);
    ASSERT_EQ(layers[1].size(), 3U);
    EXPECT_DOUBLE_EQ(layers[1][1].low, 1);
    EXPECT_DOUBLE_EQ(layers[1][1].high, 4);
    EXPECT_DOUBLE_EQ(layers[1][1].mean, 3);
    EXPECT_DOUBLE_EQ(layers[1][2].mean, 3); // the last known one
}

TEST(Track, SmoothingStartsWithoutLagAndForgetsNonFiniteOnes)
{
    const auto smooth = smoothed(pointsFrom({ 4, kNaN, 4, 8 }), 0.5);
    ASSERT_EQ(smooth.size(), 3U);
    EXPECT_DOUBLE_EQ(smooth[0].mean, 4);
    EXPECT_DOUBLE_EQ(smooth[1].mean, 4);
    EXPECT_GT(smooth[2].mean, 6);
    EXPECT_LT(smooth[2].mean, 8);
}

TEST(Track, AFoldedPointWeighsAsMuchAsItsSamples)
{
    auto one = pointsFrom({ 0, 10 });
    auto many = one;
    many[1].samples = 50;
    EXPECT_GT(smoothed(many, 0.9).back().mean, smoothed(one, 0.9).back().mean + 3);
}

TEST(Track, TheCrosshairReadsTheNearestPointInsideTheTrack)
{
    const auto points = pointsFrom({ 1, 2, 3 });
    EXPECT_DOUBLE_EQ(pointAt(points, XUnit::Step, 2.4)->mean, 2);
    EXPECT_DOUBLE_EQ(pointAt(points, XUnit::Time, 2.6)->mean, 3);
    EXPECT_FALSE(pointAt(points, XUnit::Step, 4));
    EXPECT_FALSE(pointAt({}, XUnit::Step, 0));
}

} // namespace
