// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/metrics/History.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

namespace dubito::metrics {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

void addSteps(History& history, std::int64_t first, std::int64_t last, double value)
{
    for (std::int64_t step = first; step <= last; ++step) {
        history.add({ step, std::chrono::milliseconds(10 * step), value });
    }
}

std::int64_t samplesIn(const std::vector<Bucket>& buckets)
{
    std::int64_t samples = 0;
    for (const Bucket& bucket : buckets) {
        samples += bucket.samples + bucket.nonFinite;
    }
    return samples;
}

TEST(History, FewSamplesAreKeptOneByOne)
{
    History history;
    EXPECT_TRUE(history.empty());
    history.add({ 1, std::chrono::milliseconds(5), 2.5 });
    history.add({ 2, std::chrono::milliseconds(9), 1.5 });
    const auto buckets = history.buckets();
    ASSERT_EQ(buckets.size(), 2U);
    EXPECT_EQ(buckets[1].firstStep, 2);
    EXPECT_EQ(buckets[1].lastTime, std::chrono::milliseconds(9));
    EXPECT_EQ(buckets[1].mean(), 1.5);
    EXPECT_EQ(history.latest().size(), 2U);
}

TEST(History, AFullHistoryFoldsPairsAndGoesOn)
{
    History history;
    addSteps(history, 1, 512, 1.0);
    EXPECT_EQ(history.buckets().size(), kMaxBuckets);
    EXPECT_EQ(history.fill(), 1.0);

    addSteps(history, 513, 513, 3.0);
    const auto buckets = history.buckets();
    ASSERT_EQ(buckets.size(), kMaxBuckets / 2 + 1);
    EXPECT_EQ(buckets.front().firstStep, 1);
    EXPECT_EQ(buckets.front().lastStep, 2);
    EXPECT_EQ(buckets.front().samples, 2);
    EXPECT_EQ(buckets.back().firstStep, 513);

    addSteps(history, 514, 514, 5.0);
    EXPECT_EQ(history.buckets().size(), kMaxBuckets / 2 + 1) << "the open bucket takes two samples now";
    EXPECT_EQ(history.buckets().back().mean(), 4.0);
}

TEST(History, AMillionSamplesKeepTheirSizeTheirExtremesAndTheirCount)
{
    History history;
    constexpr std::int64_t kSteps = 1'000'000;
    for (std::int64_t step = 1; step <= kSteps; ++step) {
        const double value = step == 123'457 ? 99.0 : step == 777'777 ? -99.0 : std::sin(static_cast<double>(step));
        history.add({ step, std::chrono::milliseconds(step), value });
        if (step % 50'000 == 0) {
            ASSERT_LE(history.buckets().size(), kMaxBuckets);
            ASSERT_LE(history.latest().size(), kMaxLatest);
        }
    }
    const auto buckets = history.buckets();
    EXPECT_EQ(samplesIn(buckets), kSteps);
    EXPECT_EQ(buckets.front().firstStep, 1);
    EXPECT_EQ(buckets.back().lastStep, kSteps);
    double lowest = 0;
    double highest = 0;
    for (std::size_t i = 0; i < buckets.size(); ++i) {
        lowest = std::min(lowest, buckets[i].minimum);
        highest = std::max(highest, buckets[i].maximum);
        if (i > 0) {
            EXPECT_EQ(buckets[i].firstStep, buckets[i - 1].lastStep + 1) << "no step is in two buckets or in none";
        }
    }
    EXPECT_EQ(highest, 99.0);
    EXPECT_EQ(lowest, -99.0);
    EXPECT_EQ(history.latest().size(), kMaxLatest);
    EXPECT_EQ(history.latest().front().step, kSteps - static_cast<std::int64_t>(kMaxLatest) + 1);
    EXPECT_EQ(history.latest().back().step, kSteps);
}

TEST(History, NotANumberIsCountedAndSpoilsNoSum)
{
    History history;
    history.add({ 1, {}, kNan });
    history.add({ 2, {}, std::numeric_limits<double>::infinity() });
    addSteps(history, 3, 1024, 2.0);
    const auto buckets = history.buckets();
    std::int64_t nonFinite = 0;
    for (const Bucket& bucket : buckets) {
        nonFinite += bucket.nonFinite;
        if (bucket.samples > 0) {
            EXPECT_EQ(bucket.mean(), 2.0);
            EXPECT_EQ(bucket.minimum, 2.0);
            EXPECT_EQ(bucket.maximum, 2.0);
        }
    }
    EXPECT_EQ(nonFinite, 2);
    EXPECT_EQ(samplesIn(buckets), 1024);
}

TEST(History, ABucketOfOnlyNegativeNumbersDoesNotReachZero)
{
    History history;
    history.add({ 1, {}, kNan });
    addSteps(history, 2, 2000, -3.0);
    for (const Bucket& bucket : history.buckets()) {
        EXPECT_EQ(bucket.maximum, bucket.samples > 0 ? -3.0 : 0.0);
    }
}

TEST(History, AClearedHistoryBeginsWithSingleSamplesAgain)
{
    History history;
    addSteps(history, 1, 5000, 1.0);
    history.clear();
    EXPECT_TRUE(history.empty());
    EXPECT_EQ(history.fill(), 0.0);
    addSteps(history, 1, 3, 1.0);
    EXPECT_EQ(history.buckets().size(), 3U);
}

TEST(History, ACopyTakesTheRoomOfAFullHistoryOnceAndIsTheSame)
{
    History history;
    addSteps(history, 1, 10, 2.0);
    Series kept;
    history.copyInto(kept);
    const auto* buckets = kept.buckets.data();
    const auto* latest = kept.latest.data();
    addSteps(history, 11, 5000, 3.0);
    history.copyInto(kept);
    EXPECT_EQ(kept.buckets, history.buckets());
    EXPECT_EQ(kept.latest, history.latest());
    EXPECT_EQ(kept.buckets.data(), buckets);
    EXPECT_EQ(kept.latest.data(), latest);
}

} // namespace
} // namespace dubito::metrics
