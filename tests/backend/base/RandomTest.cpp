// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/base/Random.h"

#include <gtest/gtest.h>

namespace dubito {
namespace {

TEST(Random, AStateRestoresTheSequenceInTheMiddleOfAPair)
{
    Random first(42);
    first.normal();
    Random second(first.state());
    for (int i = 0; i < 100; ++i) {
        EXPECT_EQ(first.normal(), second.normal());
        EXPECT_EQ(first.below(1000), second.below(1000));
    }
}

TEST(Random, UniformNumbersFillTheUnitInterval)
{
    Random random(7);
    double sum = 0;
    for (int i = 0; i < 100000; ++i) {
        const double value = random.uniform();
        ASSERT_GE(value, 0.0);
        ASSERT_LT(value, 1.0);
        sum += value;
    }
    EXPECT_NEAR(sum / 100000, 0.5, 0.005);
}

TEST(Random, NormalNumbersHaveMeanZeroAndDeviationOne)
{
    Random random(11);
    double sum = 0;
    double squares = 0;
    for (int i = 0; i < 100000; ++i) {
        const double value = random.normal();
        sum += value;
        squares += value * value;
    }
    EXPECT_NEAR(sum / 100000, 0.0, 0.01);
    EXPECT_NEAR(squares / 100000, 1.0, 0.02);
}

} // namespace
} // namespace dubito
