// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/model/Lanes.h"

#include <array>
#include <gtest/gtest.h>
#include <limits>

namespace dubito::model {
namespace {

using Floats = std::array<float, 16>;

Floats exponentialOf(const Floats& x)
{
    Floats result {};
    store<float>(result.data(), exponential(load(x.data())));
    return result;
}

TEST(Lanes, TheExponentialIsWithinTwoUnitsOfTheLastPlace)
{
    double worst = 0;
    for (float x = -87.0F; x < 80.0F; x += 0.0037F) {
        Floats lanes {};
        lanes.fill(x);
        const double exact = std::exp(static_cast<double>(x));
        worst = std::max(worst, std::abs(static_cast<double>(exponentialOf(lanes)[5]) / exact - 1));
    }
    EXPECT_LT(worst, 2 * static_cast<double>(std::numeric_limits<float>::epsilon()));
}

TEST(Lanes, FarBelowItVanishesAndZeroIsOne)
{
    const Floats result = exponentialOf({ 0.0F, -100.0F, -1e30F, -std::numeric_limits<float>::infinity() });
    EXPECT_EQ(result[0], 1.0F);
    EXPECT_EQ(result[1], 0.0F);
    EXPECT_EQ(result[2], 0.0F);
    EXPECT_EQ(result[3], 0.0F);
}

TEST(Lanes, NoNumberStaysNoNumber)
{
    const Floats result = exponentialOf({ std::numeric_limits<float>::quiet_NaN(), 1.0F });
    EXPECT_TRUE(std::isnan(result[0]));
    EXPECT_FALSE(std::isnan(result[1]));
}

TEST(Lanes, SumsAndLargestSeeEveryLane)
{
    Floats values {};
    for (std::size_t i = 0; i < values.size(); ++i) {
        values[i] = static_cast<float>((i * 7) % 16);
    }
    EXPECT_EQ(sumOf<float>(load(values.data())), 120.0F);
    EXPECT_EQ(largestOf<float>(load(values.data())), 15.0F);
}

} // namespace
} // namespace dubito::model
