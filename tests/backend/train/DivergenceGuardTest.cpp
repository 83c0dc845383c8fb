// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/train/DivergenceGuard.h"

#include "backend/base/Random.h"

#include <cmath>
#include <gtest/gtest.h>
#include <limits>

namespace dubito::train {
namespace {

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
    int steps = 0;
    while (steps < 200 && !guard.judge(3.0 + 0.2 * steps)) {
        ++steps;
    }
    EXPECT_LT(steps, 100);
}

TEST(DivergenceGuard, ALossThatRunsAwayFromTheFirstStepIsStoppedBeforeItsNoiseIsLearnt)
{
    DivergenceGuard guard;
    int steps = 0;
    while (steps < 200 && !guard.judge(7.8 + 100.0 * steps)) {
        ++steps;
    }
    EXPECT_LT(steps, 30);
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
