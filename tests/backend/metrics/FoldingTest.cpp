// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/metrics/Folding.h"

#include <gtest/gtest.h>

#include <limits>

namespace dubito::metrics {
namespace {

std::vector<Bucket> bucketsOf(const std::vector<double>& values)
{
    std::vector<Bucket> buckets;
    for (const double value : values) {
        const Sample sample { static_cast<std::int64_t>(buckets.size()) + 1, {}, value };
        buckets.push_back(emptyBucket(sample));
        addSample(buckets.back(), sample);
    }
    return buckets;
}

TEST(Folding, ExtremesSurviveAndWhatIsNotFiniteIsCounted)
{
    auto buckets = bucketsOf({ 3, -9, std::numeric_limits<double>::quiet_NaN(), 7 });
    foldInPairs(buckets);
    ASSERT_EQ(buckets.size(), 2U);
    EXPECT_EQ(buckets[0].minimum, -9);
    EXPECT_EQ(buckets[0].maximum, 3);
    EXPECT_EQ(buckets[1].minimum, 7);
    EXPECT_EQ(buckets[1].samples, 1);
    EXPECT_EQ(buckets[1].nonFinite, 1);
    foldInPairs(buckets);
    EXPECT_EQ(buckets[0].firstStep, 1);
    EXPECT_EQ(buckets[0].lastStep, 4);
    EXPECT_EQ(buckets[0].samples, 3);
}

TEST(Folding, ALastOneWithoutANeighbourStays)
{
    auto buckets = bucketsOf({ 1, 2, 5 });
    foldInPairs(buckets);
    ASSERT_EQ(buckets.size(), 2U);
    EXPECT_EQ(buckets[1].firstStep, 3);
    EXPECT_EQ(buckets[1].maximum, 5);
    buckets.clear();
    foldInPairs(buckets);
    EXPECT_TRUE(buckets.empty());
}

} // namespace
} // namespace dubito::metrics
