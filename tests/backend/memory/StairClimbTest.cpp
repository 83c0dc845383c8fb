// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/memory/StairClimb.h"

#include <cmath>
#include <gtest/gtest.h>

namespace dubito::memory {
namespace {

/// A portion of one MiB every `every` steps, `times` over; each sample wobbles by a tenth of it.
void climb(StairClimb& stairs, int times, int every, double from = 100)
{
    for (int step = 0; step < times * every; ++step) {
        stairs.add(from + step / every + (step % 2 == 0 ? 0.0 : 0.05));
    }
}

TEST(StairClimb, SixEvenPortionsAreALeakAndItsRateIsTold)
{
    StairClimb stairs(0.5);
    climb(stairs, 6, 20);
    EXPECT_EQ(stairs.score(), 0) << "five rises so far";
    climb(stairs, 2, 20, 106);
    EXPECT_NEAR(stairs.score(), 0.05, 0.005);
}

TEST(StairClimb, AFallBeginsAnew)
{
    StairClimb stairs(0.5);
    climb(stairs, 8, 20);
    ASSERT_GT(stairs.score(), 0);
    stairs.add(105);
    EXPECT_EQ(stairs.score(), 0);
    climb(stairs, 5, 20, 106);
    EXPECT_EQ(stairs.score(), 0);
}

TEST(StairClimb, OneSpikeIsForgivenAndTheSecondIsNot)
{
    StairClimb stairs(0.5);
    climb(stairs, 4, 20);
    stairs.add(110);
    climb(stairs, 4, 20, 103);
    EXPECT_GT(stairs.score(), 0);
    stairs.add(110);
    stairs.add(106);
    EXPECT_EQ(stairs.score(), 0);
}

TEST(StairClimb, TheFlankOfASawIsNone)
{
    StairClimb stairs(0.5);
    for (int step = 0; step < 500; ++step) {
        stairs.add(100 + step % 12);
        EXPECT_EQ(stairs.score(), 0) << step;
    }
}

TEST(StairClimb, WhatHasEndedIsNoLongerSaid)
{
    StairClimb stairs(0.5);
    climb(stairs, 8, 20);
    ASSERT_GT(stairs.score(), 0);
    for (int step = 0; step < 120; ++step) {
        stairs.add(107);
    }
    EXPECT_EQ(stairs.score(), 0);
}

TEST(StairClimb, ACacheThatSettlesIsNoneInTheEnd)
{
    StairClimb stairs(0.5);
    for (int step = 0; step < 600; ++step) {
        stairs.add(100 + 20 * (1 - std::exp(-step / 60.0)));
    }
    EXPECT_EQ(stairs.score(), 0);
}

TEST(StairClimb, OneLeapAndSmallChangeIsNone)
{
    StairClimb stairs(0.5);
    climb(stairs, 3, 20);
    climb(stairs, 4, 20, 140);
    EXPECT_EQ(stairs.score(), 0);
}

} // namespace
} // namespace dubito::memory
