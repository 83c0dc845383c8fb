// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/distrust/WeightMean.h"

#include <gtest/gtest.h>

namespace dubito::distrust {
namespace {

TEST(WeightMean, LosesNothingBesideALargeWeight)
{
    WeightMean mean;
    mean.add(1e16);
    for (int i = 0; i < 1000; ++i) {
        mean.add(1.0);
    }
    EXPECT_DOUBLE_EQ(mean.sum(), 1e16 + 1000);
}

TEST(WeightMean, TheOrderDoesNotShow)
{
    WeightMean forward;
    WeightMean backward;
    for (int i = 0; i < 10000; ++i) {
        forward.add(1.0 / (i + 1));
        backward.add(1.0 / (10000 - i));
    }
    EXPECT_DOUBLE_EQ(forward.mean(), backward.mean());
}

TEST(WeightMean, DividedByItTheMeanIsOne)
{
    const std::vector<double> weights { 18.08, 0.6028, 3.0, 1.0 };
    double sum = 0;
    for (const double weight : normalisedByMean(weights)) {
        sum += weight;
    }
    EXPECT_DOUBLE_EQ(sum, 4.0);
}

TEST(WeightMean, WhenAllAreZeroEachBecomesOne)
{
    WeightMean mean;
    mean.add(0);
    mean.add(0);
    EXPECT_TRUE(mean.isAllZero());
    EXPECT_EQ(normalisedByMean(std::vector<double> { 0, 0, 0 }), (std::vector<double> { 1, 1, 1 }));
    EXPECT_EQ(0.0 * mean.factor() + mean.offset(), 1.0);
}

TEST(WeightMean, OneZeroAmongOthersStaysZero)
{
    EXPECT_EQ(normalisedByMean(std::vector<double> { 0, 2 }), (std::vector<double> { 0, 2 }));
}

} // namespace
} // namespace dubito::distrust
