// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/train/LearningRate.h"

#include <gtest/gtest.h>

namespace dubito::train {
namespace {

TEST(LearningRate, WarmsUpFromZeroThenFallsAlongACosine)
{
    const LearningRateRules rules { .peak = 2.0, .warmupSteps = 4, .totalSteps = 12 };
    EXPECT_DOUBLE_EQ(learningRate(0, rules), 0.0);
    EXPECT_DOUBLE_EQ(learningRate(2, rules), 1.0);
    EXPECT_DOUBLE_EQ(learningRate(4, rules), 2.0);
    EXPECT_NEAR(learningRate(8, rules), 1.0, 1e-15);
    EXPECT_DOUBLE_EQ(learningRate(12, rules), 0.0);
}

TEST(LearningRate, AWarmupAsLongAsTheRunOrLongerNeverDividesByZero)
{
    EXPECT_DOUBLE_EQ(learningRate(5, { .peak = 1, .warmupSteps = 10, .totalSteps = 10 }), 0.5);
    EXPECT_DOUBLE_EQ(learningRate(10, { .peak = 1, .warmupSteps = 10, .totalSteps = 10 }), 0.0);
    EXPECT_DOUBLE_EQ(learningRate(5, { .peak = 1, .warmupSteps = 20, .totalSteps = 10 }), 0.25);
}

TEST(LearningRate, BeyondTheEndItStaysZero)
{
    EXPECT_EQ(learningRate(1000, { .peak = 1, .warmupSteps = 2, .totalSteps = 10 }), 0.0);
}

} // namespace
} // namespace dubito::train
