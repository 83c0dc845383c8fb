// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/memory/FloorClimb.h"

#include <cmath>
#include <functional>

#include <gtest/gtest.h>

namespace dubito::memory {
namespace {

constexpr std::int64_t kBlockSteps = 4;

/// 150 blocks whose floor wanders by 60 MiB, and then what `rise` adds; the first block after that with a score, or -1.
int firstSeen(const std::function<double(int block)>& rise)
{
    FloorClimb climb(kBlockSteps, 200);
    const auto tooth = [](int block) { return 60.0 * (block % 20) / 20; };
    for (int block = 0; block < 150; ++block) {
        climb.add(1000 + tooth(block));
        EXPECT_EQ(climb.score(), 0);
    }
    for (int block = 0; block < 100; ++block) {
        climb.add(1000 + tooth(150 + block) + rise(block));
        if (climb.score() > 0) {
            return block;
        }
    }
    return -1;
}

TEST(FloorClimb, SteepGrowthIsSeenAsSoonAsItStandsFarAboveThePast)
{
    const int seen = firstSeen([](int block) { return 5.0 * kBlockSteps * block; });
    EXPECT_GE(seen, 10);
    EXPECT_LE(seen, 28);
}

TEST(FloorClimb, ACacheThatFillsAndSlowsDownIsNone)
{
    EXPECT_EQ(firstSeen([](int block) { return 300 * (1 - std::exp(-block / 6.0)); }), -1);
}

TEST(FloorClimb, ALeapToAPlateauIsNone)
{
    EXPECT_EQ(firstSeen([](int block) { return block < 5 ? 0.0 : 600.0; }), -1);
    EXPECT_EQ(firstSeen([](int block) { return block < 5 ? 0.0 : block < 12 ? 300.0 : 600.0; }), -1);
}

TEST(FloorClimb, SpikesDoNotRaiseTheFloor)
{
    EXPECT_EQ(firstSeen([](int block) { return block % 25 < 5 ? 800.0 : 0.0; }), -1);
}

TEST(FloorClimb, ItsScoreIsTheSlopePerStep)
{
    FloorClimb climb(kBlockSteps, 100);
    for (int block = 0; block < 120; ++block) {
        climb.add(500);
    }
    for (int block = 1; block < 45; ++block) {
        climb.add(500 + 3.0 * kBlockSteps * block);
    }
    EXPECT_NEAR(climb.score(), 3, 0.3);
    climb.restart();
    EXPECT_EQ(climb.score(), 0);
}

TEST(FloorClimb, HowFarTheFloorWanderedIsKnownLateAndLeavesOutTheNewest)
{
    FloorClimb climb(kBlockSteps, 100);
    for (int block = 0; block < 80; ++block) {
        climb.add(500 + block % 2);
        EXPECT_FALSE(climb.wanderedBefore().has_value());
    }
    for (int block = 0; block < 60; ++block) {
        climb.add(500);
    }
    for (int block = 0; block < 30; ++block) {
        climb.add(900);
    }
    EXPECT_LE(climb.wanderedBefore().value_or(99), 1);
}

TEST(FloorClimb, WithoutAHeightItSaysNothing)
{
    FloorClimb climb(kBlockSteps, 0);
    for (int block = 0; block < 300; ++block) {
        climb.add(100.0 * block);
        EXPECT_EQ(climb.score(), 0);
    }
}

} // namespace
} // namespace dubito::memory
