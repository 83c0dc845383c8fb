// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/memory/LimitWatch.h"

#include <gtest/gtest.h>

namespace dubito::memory {
namespace {

constexpr LeakEstimate kGrowth { .mbPerStep = 1, .low = 0.5, .high = 2, .lowerBound = 0.7 };

LimitWatch watchOf(int steps, double fromMb, double perStep, bool isWarned)
{
    LimitWatch watch;
    for (int step = 0; step < steps; ++step) {
        watch.add(fromMb + perStep * step, isWarned);
    }
    return watch;
}

TEST(LimitWatch, WithoutALimitNoRuleSpeaks)
{
    const LimitWatch watch = watchOf(2000, 100, 5, true);
    EXPECT_EQ(watch.urgent(kGrowth, {}), "");
    EXPECT_FALSE(watch.forecast(kGrowth, 0).steps.has_value());
}

TEST(LimitWatch, TheForecastCountsFromThePeak)
{
    LimitWatch watch = watchOf(300, 100, 0, false);
    watch.add(400, false);
    watch.add(100, false);
    const Forecast forecast = watch.forecast(kGrowth, 1000);
    EXPECT_DOUBLE_EQ(forecast.steps.value(), 600);
    EXPECT_DOUBLE_EQ(forecast.low.value(), 300);
    EXPECT_DOUBLE_EQ(forecast.high.value(), 1800);
}

TEST(LimitWatch, WithADoubtfulSlopeTheLimitMayNeverCome)
{
    const Forecast forecast = watchOf(300, 100, 0, false).forecast({ .mbPerStep = 1, .low = -0.1, .high = 2 }, 1000);
    EXPECT_TRUE(forecast.low.has_value());
    EXPECT_FALSE(forecast.high.has_value());
}

TEST(LimitWatch, APeakNearTheLimitIsUrgentWithoutAnyWarning)
{
    EXPECT_NE(watchOf(10, 960, 0, false).urgent({}, { .limitMb = 1000 }), "");
    EXPECT_EQ(watchOf(10, 940, 0, false).urgent({}, { .limitMb = 1000 }), "");
}

TEST(LimitWatch, AMachineThatWaitsForMemoryIsUrgent)
{
    EXPECT_NE(watchOf(10, 100, 0, false).urgent({}, { .stalledPercentage = 11 }), "");
    EXPECT_EQ(watchOf(10, 100, 0, false).urgent({}, { .stalledPercentage = 9 }), "");
}

TEST(LimitWatch, WarnedGrowthMayUseUpHalfOfTheWay)
{
    LimitWatch watch = watchOf(100, 200, 0, false);
    for (int step = 0; step < 100; ++step) {
        watch.add(550, true);
    }
    EXPECT_EQ(watch.urgent({}, { .limitMb = 1000 }), "");
    for (int step = 0; step < 100; ++step) {
        watch.add(650, true);
    }
    EXPECT_NE(watch.urgent({}, { .limitMb = 1000 }), "");
}

TEST(LimitWatch, AForecastAloneActsOnlyAfterALongWarning)
{
    const LimitFacts facts { .limitMb = 5000, .stepsToCheckpoint = 2000 };
    EXPECT_EQ(watchOf(400, 200, 0.1, true).urgent(kGrowth, facts), "");
    EXPECT_NE(watchOf(600, 200, 0.1, true).urgent(kGrowth, facts), "");
    EXPECT_EQ(watchOf(600, 200, 0.1, true).urgent(kGrowth, { .limitMb = 50000, .stepsToCheckpoint = 100 }), "");
}

TEST(LimitWatch, AWarningStaysLatchedForAWhile)
{
    LimitWatch watch = watchOf(1, 100, 0, true);
    for (int step = 0; step < 200; ++step) {
        watch.add(100, false);
    }
    EXPECT_TRUE(watch.isLatched());
    for (int step = 0; step < 200; ++step) {
        watch.add(100, false);
    }
    EXPECT_FALSE(watch.isLatched());
}

} // namespace
} // namespace dubito::memory
