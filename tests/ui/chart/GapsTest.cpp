// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/chart/Gaps.h"

#include "tests/ui/chart/PlotSamples.h"

#include <gtest/gtest.h>

namespace {

using namespace dubito::tests;
using namespace dubito::ui::chart;

/// Steps from 1 on; those for which `isKnown` says no are not known.
template <typename IsKnown>
Track knownAt(int steps, IsKnown isKnown)
{
    std::vector<double> values;
    for (int step = 1; step <= steps; ++step) {
        values.push_back(isKnown(step) ? 1.0 : kNaN);
    }
    Track track = trackFrom(values);
    track.marksNonFinite = false;
    return track;
}

View partOf(double from, double to, int columns) { return { XUnit::Step, { from, to }, columns }; }

TEST(Gaps, AStretchThatIsNotKnownEndsOneLineAndBeginsAnother)
{
    const Track track = knownAt(9, [](int step) { return step != 4 && step != 5; });
    const auto runs = runsOf(track, partOf(0, 10, 100));
    ASSERT_EQ(runs.size(), 2U);
    EXPECT_EQ(runs[0].back().step, 3);
    EXPECT_EQ(runs[1].front().step, 6);
}

TEST(Gaps, WhatIsNotFiniteByAccidentIsNoGap)
{
    Track track = knownAt(9, [](int step) { return step != 4; });
    track.marksNonFinite = true;
    EXPECT_EQ(runsOf(track, partOf(0, 10, 100)).size(), 1U);
}

TEST(Gaps, OneThatNobodyCanSeeIsNone)
{
    const Track track = knownAt(2000, [](int step) { return step != 1000; });
    EXPECT_EQ(runsOf(track, partOf(0, 2000, 100)).size(), 1U) << "less than a pixel";
    EXPECT_EQ(runsOf(track, partOf(100, 200, 100)).size(), 1U) << "beyond the view";
    EXPECT_EQ(runsOf(track, partOf(950, 1050, 100)).size(), 2U);
}

TEST(Gaps, OfTooManyTheWidestStay)
{
    // Two hundred holes of one step, and one of twenty at the very end.
    const Track track = knownAt(1000, [](int step) { return step > 960 ? step >= 980 : step % 4 != 0; });
    const auto runs = runsOf(track, partOf(0, 1000, 1000));
    EXPECT_EQ(runs.size(), static_cast<std::size_t>(kMostRuns));
    EXPECT_EQ(runs.back().front().step, 980);
    for (std::size_t i = 1; i < runs.size(); ++i) {
        EXPECT_GT(runs[i].front().step, runs[i - 1].back().step);
    }
}

TEST(Gaps, OneThatBeginsInAFoldedPointAndEndsInTheNextIsSeenBetweenThem)
{
    Track track = knownAt(4, [](int) { return true; });
    track.points[1].samples = 2;
    track.points[1].nonFinite = 6;
    track.points[2].samples = 2;
    EXPECT_EQ(runsOf(track, partOf(0, 5, 100)).size(), 1U) << "inside one point nothing is lost";
    track.points[2].nonFinite = 6;
    const auto runs = runsOf(track, partOf(0, 5, 100));
    ASSERT_EQ(runs.size(), 2U);
    EXPECT_EQ(runs[0].size() + runs[1].size(), track.points.size()) << "what is known is drawn";
}

TEST(Gaps, NothingIsNoMistake)
{
    Track track;
    track.marksNonFinite = false;
    EXPECT_EQ(runsOf(track, partOf(0, 5, 100)).size(), 1U);
    track = knownAt(5, [](int) { return false; });
    EXPECT_EQ(runsOf(track, partOf(0, 5, 0)).size(), 1U);
}

} // namespace
