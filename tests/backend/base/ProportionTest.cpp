// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/base/Proportion.h"

#include <gtest/gtest.h>

namespace dubito {
namespace {

TEST(Proportion, CountsWhatSucceeded)
{
    Proportion proportion;
    proportion.addSuccess();
    proportion.addFailure();
    proportion.add({ .successes = 2, .trials = 2 });
    EXPECT_EQ(proportion, (Proportion { .successes = 3, .trials = 4 }));
    EXPECT_DOUBLE_EQ(proportion.share(), 0.75);
}

TEST(Proportion, ItsIntervalIsThatOfWilson)
{
    // Published worked example: 8 of 10 at 95 % is 0.4902 to 0.9433.
    const auto interval = Proportion { .successes = 8, .trials = 10 }.interval();
    EXPECT_NEAR(interval.low, 0.4902, 1e-4);
    EXPECT_NEAR(interval.high, 0.9433, 1e-4);
}

TEST(Proportion, TheIntervalOfAllOrNothingStaysWithinBounds)
{
    const auto all = Proportion { .successes = 20, .trials = 20 }.interval();
    EXPECT_NEAR(all.low, 0.8389, 1e-4);
    EXPECT_DOUBLE_EQ(all.high, 1);
    const auto none = Proportion { .successes = 0, .trials = 20 }.interval();
    EXPECT_DOUBLE_EQ(none.low, 0);
    EXPECT_NEAR(none.high, 0.1611, 1e-4);
}

TEST(Proportion, WithoutTrialsEverythingIsPossible)
{
    const auto interval = Proportion {}.interval();
    EXPECT_EQ(interval.low, 0);
    EXPECT_EQ(interval.high, 1);
    EXPECT_EQ(Proportion {}.share(), 0);
}

} // namespace
} // namespace dubito
