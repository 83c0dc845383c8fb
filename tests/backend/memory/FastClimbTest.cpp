// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/memory/FastClimb.h"

#include <gtest/gtest.h>

namespace dubito::memory {
namespace {

/// A past of flat blocks between 100 and 102.
FastClimb withPast(int blocks)
{
    FastClimb climb(4, 2);
    for (int i = 0; i < blocks; ++i) {
        climb.add(100, 102, 100, Loudness::Quiet);
    }
    return climb;
}

TEST(FastClimb, ThreeBlocksAboveEachOtherAndThePastAreRunawayGrowth)
{
    FastClimb climb = withPast(100);
    climb.add(105, 109, 100, Loudness::Quiet);
    climb.add(125, 129, 100, Loudness::Quiet);
    EXPECT_DOUBLE_EQ(climb.score(), 1.25);
}

TEST(FastClimb, InALoudStreamOneMoreBlockMustClimb)
{
    FastClimb climb = withPast(100);
    climb.add(105, 109, 100, Loudness::Loud);
    climb.add(125, 129, 100, Loudness::Loud);
    EXPECT_EQ(climb.score(), 0);
    for (const double bottom : { 165.0, 205.0, 245.0 }) {
        climb.add(bottom, bottom + 4, 100, Loudness::Loud);
    }
    EXPECT_GT(climb.score(), 0);
}

TEST(FastClimb, WithoutAPastItIsSilent)
{
    FastClimb climb = withPast(10);
    climb.add(200, 209, 100, Loudness::Quiet);
    climb.add(300, 309, 100, Loudness::Quiet);
    EXPECT_EQ(climb.score(), 0);
}

TEST(FastClimb, ALeapToAPlateauThatWandersIsNotGrowth)
{
    FastClimb climb = withPast(200);
    for (const double top : { 900.0, 908.0, 916.0, 924.0, 932.0 }) {
        climb.add(top, top + 2, 100, Loudness::Quiet);
        EXPECT_EQ(climb.score(), 0);
    }
}

TEST(FastClimb, GrowthInBurstsIsSeenByTheLenientRule)
{
    FastClimb climb = withPast(200);
    for (const double bottom : { 180.0, 180.0, 260.0, 340.0, 340.0 }) {
        climb.add(bottom, bottom + 100, 100, Loudness::Quiet);
    }
    EXPECT_GT(climb.score(), 5);
}

TEST(FastClimb, ARecordBelowTheHighestOfTheLastThousandStepsIsNone)
{
    FastClimb climb = withPast(100);
    climb.add(100, 500, 100, Loudness::Quiet);
    for (int i = 0; i < 100; ++i) {
        climb.add(100, 102, 100, Loudness::Quiet);
    }
    climb.add(200, 203, 100, Loudness::Quiet);
    climb.add(300, 303, 100, Loudness::Quiet);
    EXPECT_EQ(climb.score(), 0);
    climb.restart();
    EXPECT_EQ(climb.score(), 0);
}

} // namespace
} // namespace dubito::memory
