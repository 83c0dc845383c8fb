// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/train/DivergenceGuard.h"

#include "backend/base/Random.h"

#include <cmath>
#include <gtest/gtest.h>
#include <limits>

namespace dubito::train {
namespace {

/// A loss that grows by the same in every step.
struct Climb {
    double begin;
    double perStep;
};

int stepsUntilStopped(DivergenceGuard& guard, const Climb& loss)
{
    int steps = 0;
    while (steps < 200 && !guard.judge(loss.begin + loss.perStep * steps)) {
        ++steps;
    }
    return steps;
}

TEST(DivergenceGuard, NotANumberIsNamedAtOnce)
{
    DivergenceGuard guard;
    EXPECT_FALSE(guard.judge(3.0));
    const auto verdict = guard.judge(std::numeric_limits<double>::quiet_NaN());
    ASSERT_TRUE(verdict);
    EXPECT_EQ(*verdict, "the loss is not a number");
    EXPECT_TRUE(DivergenceGuard().judge(std::numeric_limits<double>::infinity()));
}

TEST(DivergenceGuard, ANoisyFallingLossIsLeftAlone)
{
    DivergenceGuard guard;
    Random random(3);
    for (int step = 0; step < 5000; ++step) {
        ASSERT_FALSE(guard.judge(2.5 + 5.0 * std::exp(-step / 100.0) + 0.5 * random.normal())) << step;
    }
}

TEST(DivergenceGuard, ALossThatRunsAwayIsStoppedWithinAHundredSteps)
{
    DivergenceGuard guard;
    Random random(4);
    for (int step = 0; step < 500; ++step) {
        ASSERT_FALSE(guard.judge(3.0 + 0.2 * random.normal()));
    }
    EXPECT_LT(stepsUntilStopped(guard, { .begin = 3.0, .perStep = 0.2 }), 100);
}

TEST(DivergenceGuard, ALossThatRunsAwayFromTheFirstStepIsStoppedBeforeItsNoiseIsLearnt)
{
    DivergenceGuard guard;
    EXPECT_LT(stepsUntilStopped(guard, { .begin = 7.8, .perStep = 100 }), 30);
}

TEST(DivergenceGuard, AModelThatBeginsBadlyMayLearn)
{
    DivergenceGuard guard;
    for (int step = 0; step < 500; ++step) {
        ASSERT_FALSE(guard.judge(3.0 + 80.0 * std::exp(-step / 60.0))) << step;
    }
}

TEST(DivergenceGuard, ASingleSpikeIsNoDivergence)
{
    DivergenceGuard guard;
    for (int step = 0; step < 300; ++step) {
        ASSERT_FALSE(guard.judge(step == 200 ? 12.0 : 3.0));
    }
}

} // namespace
} // namespace dubito::train
