// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/train/GradientClip.h"

#include <gtest/gtest.h>
#include <vector>

namespace dubito::train {
namespace {

TEST(GradientClip, TheNormIsThatOfAllElementsWhateverTheThreads)
{
    std::vector<float> gradients(1003, 0.0F);
    gradients[0] = 3.0F;
    gradients[1002] = 4.0F;
    for (const int threads : { 1, 2, 3 }) {
        Parallel parallel(threads);
        EXPECT_DOUBLE_EQ(globalNorm(gradients, parallel), 5.0);
    }
}

TEST(GradientClip, OnlyANormAboveTheLimitIsScaled)
{
    EXPECT_DOUBLE_EQ(clipFactor(0.5, 1.0), 1.0);
    EXPECT_DOUBLE_EQ(clipFactor(4.0, 1.0), 1.0 / 4.000001);
    EXPECT_DOUBLE_EQ(clipFactor(4.0, 0.0), 1.0);
}

} // namespace
} // namespace dubito::train
