// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/memory/PairSlopes.h"

#include <array>
#include <vector>

#include <gtest/gtest.h>

namespace dubito::memory {
namespace {

TEST(PairSlopes, AStraightLineHasNoDoubt)
{
    std::vector<double> line;
    for (int i = 0; i < 16; ++i) {
        line.push_back(10 + 2 * i);
    }
    const PairSlopes slopes = pairSlopes(line);
    EXPECT_DOUBLE_EQ(slopes.slope, 2);
    EXPECT_DOUBLE_EQ(slopes.certain, 2);
    EXPECT_DOUBLE_EQ(slopes.low, 2);
    EXPECT_DOUBLE_EQ(slopes.high, 2);
    EXPECT_DOUBLE_EQ(slopes.firstHalf, 2);
    EXPECT_DOUBLE_EQ(slopes.secondHalf, 2);
}

TEST(PairSlopes, OneOutlierDoesNotMoveTheSlope)
{
    std::vector<double> line;
    for (int i = 0; i < 16; ++i) {
        line.push_back(i == 7 ? 5000 : i);
    }
    EXPECT_NEAR(pairSlopes(line).slope, 1, 0.2);
}

TEST(PairSlopes, AStepInTheMiddleShowsInNeitherHalf)
{
    const std::array step { 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 9.0, 9.0, 9.0, 9.0, 9.0, 9.0 };
    const PairSlopes slopes = pairSlopes(step);
    EXPECT_GT(slopes.slope, 0);
    EXPECT_EQ(slopes.firstHalf, 0);
    EXPECT_EQ(slopes.secondHalf, 0);
}

TEST(PairSlopes, SmoothWavesWidenTheInterval)
{
    const std::array rough { 1.0, 4.0, 2.0, 5.0, 3.0, 6.0, 4.0, 7.0, 5.0, 8.0, 6.0, 9.0 };
    const std::array wavy { 1.0, 2.5, 4.0, 4.5, 4.2, 4.0, 4.0, 4.8, 6.5, 8.0, 8.8, 9.0 };
    const PairSlopes first = pairSlopes(rough);
    const PairSlopes second = pairSlopes(wavy);
    EXPECT_GT(second.slope - second.certain, first.slope - first.certain);
}

TEST(PairSlopes, EqualValuesAreASlopeOfNothing)
{
    const std::array flat { 3.0, 3.0, 3.0, 3.0, 3.0 };
    EXPECT_EQ(pairSlopes(flat).slope, 0);
    EXPECT_EQ(pairSlopes(flat).high, 0);
}

TEST(PairSlopes, TheDeepestFallIsBetweenAnyTwoValuesInOrder)
{
    EXPECT_EQ(deepestFall(std::array { 1.0, 8.0, 5.0, 9.0, 3.0, 4.0 }), 6);
    EXPECT_EQ(deepestFall(std::array { 1.0, 2.0, 3.0 }), 0);
}

} // namespace
} // namespace dubito::memory
