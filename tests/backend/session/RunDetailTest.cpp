// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/session/RunDetail.h"

#include "backend/metrics/MetricBoard.h"
#include "tests/support/TemporaryFolder.h"

#include <gtest/gtest.h>

#include <chrono>
#include <cmath>
#include <fmt/format.h>
#include <limits>
#include <thread>

namespace dubito::session {
namespace {

using metrics::Metric;

constexpr std::int64_t kSteps = 20'000;
constexpr std::int64_t kPeak = 7'123;

/// A run with a peak of one step, a loss that was no number at one, and a validation every hundred.
metrics::MetricsLine lineOf(std::int64_t step)
{
    metrics::MetricsLine line { step, std::chrono::milliseconds(100 * step), {} };
    line.values.emplace_back(Metric::CrossEntropy,
        step == kPeak ? 50.0 : step == kPeak + 9 ? std::numeric_limits<double>::quiet_NaN() : 2.0);
    line.values.emplace_back(Metric::Resident, static_cast<double>(step));
    if (step % 100 == 0) {
        line.values.emplace_back(Metric::Validation, 3.0);
    }
    return line;
}

struct RunDetailTest : testing::Test {
    RunDetailTest()
    {
        std::string first;
        std::string second;
        for (std::int64_t step = 1; step <= kSteps; ++step) {
            const auto line = lineOf(step);
            (step <= 7'000 ? first : second) += toJson(line);
            for (const auto& [metric, value] : line.values) {
                board.add(metric, { line.step, line.time, value });
            }
        }
        folder.write("metrics.1.jsonl", first);
        file = folder.write("metrics.jsonl", second);
    }

    static const metrics::Series& seriesOf(const std::vector<metrics::Series>& all, Metric metric)
    {
        return *std::ranges::find(all, metric, &metrics::Series::metric);
    }

    TemporaryFolder folder;
    std::filesystem::path file;
    metrics::MetricBoard board;
};

TEST_F(RunDetailTest, EveryStepOfAShortStretchStandsForItselfAcrossRotatedFiles)
{
    const auto detail = readDetail(file, { 6'500, 8'000 });
    ASSERT_TRUE(detail) << toText(detail.error());
    EXPECT_EQ(detail->steps, (metrics::StepRange { 6'500, 8'000 }));
    const auto& loss = seriesOf(detail->series, Metric::CrossEntropy);
    ASSERT_EQ(loss.buckets.size(), 1'501U);
    EXPECT_EQ(loss.buckets[kPeak - 6'500].maximum, 50);
    EXPECT_EQ(loss.buckets[kPeak - 6'500].firstStep, kPeak);
    EXPECT_EQ(loss.buckets[kPeak + 9 - 6'500].nonFinite, 1);
    EXPECT_EQ(seriesOf(detail->series, Metric::Validation).buckets.size(), 16U);
}

TEST_F(RunDetailTest, ALongStretchIsFoldedAndKeepsItsPeak)
{
    const auto detail = readDetail(file, { 1, kSteps });
    ASSERT_TRUE(detail);
    const auto& loss = seriesOf(detail->series, Metric::CrossEntropy);
    EXPECT_LE(loss.buckets.size(), kDetailBuckets);
    EXPECT_GT(loss.buckets.size(), kDetailBuckets / 2);
    EXPECT_EQ(std::ranges::max(loss.buckets, {}, &metrics::Bucket::maximum).maximum, 50);
    std::int64_t samples = 0;
    for (const auto& bucket : loss.buckets) {
        samples += bucket.samples + bucket.nonFinite;
    }
    EXPECT_EQ(samples, kSteps);
}

TEST_F(RunDetailTest, TheRestOfTheRunStaysAndNoStepStandsTwice)
{
    auto whole = board.series();
    const auto before = seriesOf(whole, Metric::CrossEntropy);
    const auto detail = readDetail(file, { 7'000, 7'500 });
    ASSERT_TRUE(detail);
    refine(whole, *detail);
    const auto& loss = seriesOf(whole, Metric::CrossEntropy);
    EXPECT_EQ(loss.latest, before.latest);
    EXPECT_EQ(loss.buckets.front(), before.buckets.front());
    EXPECT_EQ(loss.buckets.back(), before.buckets.back());
    for (std::size_t i = 1; i < loss.buckets.size(); ++i) {
        EXPECT_GT(loss.buckets[i].firstStep, loss.buckets[i - 1].lastStep);
    }
    const auto peak = std::ranges::find(loss.buckets, kPeak, &metrics::Bucket::firstStep);
    ASSERT_NE(peak, loss.buckets.end());
    EXPECT_EQ(peak->maximum, 50);
    EXPECT_EQ(peak->samples, 1);
    // Known raw from end to end: nothing to be finer than.
    EXPECT_EQ(seriesOf(whole, Metric::Validation), seriesOf(board.series(), Metric::Validation));
}

TEST_F(RunDetailTest, StepsThatAreNotThereAreSaidSo)
{
    EXPECT_EQ(readDetail(file, { kSteps + 1, kSteps + 50 }).error().code, ErrorCode::NotFound);
    EXPECT_EQ(readDetail(folder.path() / "absent.jsonl", { 1, 5 }).error().code, ErrorCode::NotFound);
    std::stop_source stop;
    stop.request_stop();
    EXPECT_EQ(readDetail(file, { 1, 5 }, stop.get_token()).error().code, ErrorCode::Refused);
}

TEST_F(RunDetailTest, TheWindowAsksAThread)
{
    const DetailReader reader(file, { 100, 200 });
    const auto giveUp = std::chrono::steady_clock::now() + std::chrono::seconds(40);
    while (!reader.outcome() && std::chrono::steady_clock::now() < giveUp) {
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    ASSERT_TRUE(reader.outcome());
    ASSERT_TRUE(*reader.outcome());
    EXPECT_EQ(reader.outcome()->value().steps, (metrics::StepRange { 100, 200 }));
}

} // namespace
} // namespace dubito::session
