// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/metrics/MetricBoard.h"

#include <gtest/gtest.h>

#include <set>

namespace dubito::metrics {
namespace {

TEST(MetricBoard, TheTableStandsInTheOrderOfTheMetricsAndNoKeyTwice)
{
    std::set<std::string_view> keys;
    for (std::size_t i = 0; i < kMetricCount; ++i) {
        EXPECT_EQ(static_cast<std::size_t>(kMetricRows[i].metric), i) << kMetricRows[i].key;
        EXPECT_TRUE(keys.insert(kMetricRows[i].key).second) << kMetricRows[i].key;
        EXPECT_EQ(toMetric(kMetricRows[i].key), static_cast<Metric>(i));
    }
    EXPECT_FALSE(toMetric("no such metric"));
}

TEST(MetricBoard, EverySourceClassHasItsShareAndItsHeldOutLoss)
{
    for (std::size_t place = 0; place < kSourceWords.size(); ++place) {
        EXPECT_EQ(sourcePlace(kSourceWords[place]), place);
        EXPECT_EQ(row(shareMetric(place)).key, "share_" + std::string(kSourceWords[place]));
        EXPECT_EQ(row(validationMetric(place)).key, "validation_" + std::string(kSourceWords[place]));
    }
    EXPECT_EQ(kSourceWords[sourcePlace("tea leaves")], "other");
}

TEST(MetricBoard, OnlyMetricsWithSamplesHaveASeriesAndInTheOrderOfTheTable)
{
    MetricBoard board;
    EXPECT_TRUE(board.series().empty());
    board.add(Metric::Tokens, { 1, {}, 512 });
    board.add(Metric::CrossEntropy, { 1, {}, 7.5 });
    const auto series = board.series();
    ASSERT_EQ(series.size(), 2U);
    EXPECT_EQ(series[0].metric, Metric::CrossEntropy);
    EXPECT_EQ(series[1].metric, Metric::Tokens);
    EXPECT_EQ(series[1].latest.front().value, 512);
    EXPECT_EQ(board.used(), 2);
}

TEST(MetricBoard, TheRevisionGrowsWithEverySampleAndWithForgetting)
{
    MetricBoard board;
    const auto fresh = board.revision();
    board.add(Metric::Tokens, { 1, {}, 1 });
    const auto later = board.revision();
    EXPECT_GT(later, fresh);
    board.clear();
    EXPECT_GT(board.revision(), later);
    EXPECT_EQ(board.used(), 0);
    EXPECT_EQ(board.fill(), 0.0);
}

TEST(MetricBoard, TheFillIsThatOfTheFullestHistory)
{
    MetricBoard board;
    board.add(Metric::Validation, { 1, {}, 1 });
    for (std::int64_t step = 1; step <= 256; ++step) {
        board.add(Metric::CrossEntropy, { step, {}, 1 });
    }
    EXPECT_EQ(board.fill(), 0.5);
}

TEST(MetricBoard, AFullBoardStaysUnderFourMebibytes)
{
    EXPECT_GT(MetricBoard::fullBytes(), std::int64_t { 1 } << 20);
    EXPECT_LT(MetricBoard::fullBytes(), std::int64_t { 4 } << 20);
}

} // namespace
} // namespace dubito::metrics
