// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/Format.h"

#include <gtest/gtest.h>

#include <limits>

namespace dubito::ui {
namespace {

TEST(Format, CountsHaveThousandsAndARealMinus)
{
    EXPECT_EQ(format::count(3120), QStringLiteral("3,120"));
    EXPECT_EQ(format::count(-14), QStringLiteral("−14"));
}

TEST(Format, WhatRoundsToZeroHasNoSign)
{
    EXPECT_EQ(format::decimal(-0.001, 2), QStringLiteral("0.00"));
    EXPECT_EQ(format::signedDecimal(0.001, 2), QStringLiteral("0.00"));
    EXPECT_EQ(format::signedDecimal(0.05, 2), QStringLiteral("+0.05"));
    EXPECT_EQ(format::decimal(-0.05, 2), QStringLiteral("−0.05"));
}

TEST(Format, WhatIsNotFiniteIsADash)
{
    EXPECT_EQ(format::decimal(std::numeric_limits<double>::quiet_NaN(), 2), QStringLiteral("—"));
    EXPECT_EQ(format::compact(std::numeric_limits<double>::infinity()), QStringLiteral("—"));
    EXPECT_EQ(format::bytes(-1), QStringLiteral("—"));
}

TEST(Format, CompactKeepsAboutThreeDigits)
{
    EXPECT_EQ(format::compact(0.0002), QStringLiteral("2.0e-4"));
    EXPECT_EQ(format::compact(2318.4), QStringLiteral("2,318"));
    EXPECT_EQ(format::compact(0.0123), QStringLiteral("0.0123"));
    EXPECT_EQ(format::compact(0), QStringLiteral("0"));
}

TEST(Format, RangesAreSpelledWithDots)
{
    EXPECT_EQ(format::range(-0.03, 0.02, 2), QStringLiteral("−0.03 … 0.02"));
}

TEST(Format, AgesGrowFromSecondsToHours)
{
    using namespace std::chrono_literals;
    EXPECT_EQ(format::age(4s), QStringLiteral("4 s"));
    EXPECT_EQ(format::age(5min), QStringLiteral("5 min"));
    EXPECT_EQ(format::age(30h), QStringLiteral("30 h"));
    EXPECT_EQ(format::age(-1ms), QStringLiteral("—"));
}

} // namespace
} // namespace dubito::ui
