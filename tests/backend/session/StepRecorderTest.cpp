// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/session/StepRecorder.h"

#include "backend/metrics/MetricsReading.h"
#include "tests/support/RunStage.h"
#include "tests/support/SmallTraining.h"

#include <gtest/gtest.h>

#include <cmath>
#include <map>

namespace dubito::session {
namespace {

using metrics::Metric;

class StepRecorderTest : public testing::Test {
protected:
    StepRecorderTest()
    {
        m_result.step = 1;
        m_result.crossEntropy = 7.5;
        m_result.targets = 200;
        m_result.classShares = { 0.5, 0.3, 0.2 };
        m_memory.latest.resident = 300 * kMiB;
        m_memory.latest.available = -1;
    }

    /// The line that was written, by metric; what is null is not in it.
    std::map<Metric, double> recorded(std::int64_t residentBefore = 0)
    {
        auto file = metrics::MetricsFile::create(m_path, 1 << 30);
        EXPECT_TRUE(file);
        StepRecorder recorder(m_stage.boards, std::move(*file), m_documents.documents, &m_documents.documents);
        EXPECT_TRUE(recorder.record(
            { m_result, m_memory, residentBefore, std::chrono::milliseconds(1500), 50.0, m_heldOut }));
        std::map<Metric, double> values;
        EXPECT_TRUE(metrics::readMetrics(m_path, [&](const metrics::MetricsLine& line) {
            EXPECT_EQ(line.time, std::chrono::milliseconds(1500));
            for (const auto& [metric, value] : line.values) {
                if (std::isfinite(value)) {
                    values.emplace(metric, value);
                }
            }
        })) << "a reader of the file sees the line at once";
        return values;
    }

    SmallRun m_small;
    RunStage m_stage { m_small };
    train::SmallTraining m_documents;
    std::filesystem::path m_path = m_small.folder.path() / "metrics.jsonl";
    train::StepResult m_result;
    memory::MemoryStatus m_memory;
    std::optional<train::HeldOutLoss> m_heldOut;
};

TEST_F(StepRecorderTest, WritesWhatTheStepFound)
{
    const auto values = recorded();
    EXPECT_EQ(values.at(Metric::CrossEntropy), 7.5);
    EXPECT_EQ(values.at(Metric::Tokens), 200);
    EXPECT_EQ(values.at(Metric::TokensPerSecond), 4000);
    EXPECT_EQ(values.at(Metric::StepMilliseconds), 50);
    EXPECT_EQ(values.at(Metric::Resident), 300);
    EXPECT_EQ(values.at(Metric::SharePatent), 0.5);
    EXPECT_EQ(values.at(Metric::ShareWiki), 0.3);
    EXPECT_EQ(values.at(Metric::ShareBlog), 0.2);
    EXPECT_FALSE(values.contains(Metric::ShareNews)) << "the corpus has none";
}

TEST_F(StepRecorderTest, WhatIsNotKnownIsNoNumber)
{
    const auto values = recorded();
    for (const Metric metric : { Metric::Available, Metric::LeakNaive, Metric::LeakEstimate, Metric::LeakLow,
             Metric::LeakHigh, Metric::Validation }) {
        EXPECT_FALSE(values.contains(metric)) << metrics::row(metric).key;
    }
    const auto series = m_stage.boards.metrics.read([](const metrics::MetricBoard& board) { return board.series(); });
    const auto estimate = std::ranges::find(series, Metric::LeakEstimate, &metrics::Series::metric);
    ASSERT_NE(estimate, series.end()) << "a step without a value is a gap in the curve, not a step that was not";
    EXPECT_EQ(estimate->buckets.front().samples, 0);
    EXPECT_EQ(estimate->buckets.front().nonFinite, 1);
    EXPECT_TRUE(std::ranges::none_of(series, [](const auto& one) { return one.metric == Metric::Validation; }));
}

TEST_F(StepRecorderTest, ALeakIsWrittenOnceItCanBeSaid)
{
    m_memory.leak.nothingAbove = 0.02;
    m_memory.leak.mbPerStep = 0.5;
    const auto values = recorded(298 * kMiB);
    EXPECT_EQ(values.at(Metric::LeakNaive), 2);
    EXPECT_EQ(values.at(Metric::LeakEstimate), 0.5);
    EXPECT_EQ(values.at(Metric::LeakFloor), 0.02);
}

TEST_F(StepRecorderTest, TheHeldOutLossStandsByClass)
{
    m_heldOut = train::HeldOutLoss { .crossEntropy = 6, .targets = 30, .documents = 3,
        .classes = { { 0, 5.0, 10 }, { 2, 7.0, 20 } } };
    const auto values = recorded();
    EXPECT_EQ(values.at(Metric::Validation), 6);
    EXPECT_EQ(values.at(Metric::ValidationPatent), 5);
    EXPECT_EQ(values.at(Metric::ValidationBlog), 7);
    EXPECT_FALSE(values.contains(Metric::ValidationWiki));
}

TEST_F(StepRecorderTest, ALossThatIsNotANumberIsAPointOfTheCurve)
{
    m_result.crossEntropy = std::numeric_limits<double>::quiet_NaN();
    EXPECT_FALSE(recorded().contains(Metric::CrossEntropy)) << "null in the file";
    const auto series = m_stage.boards.metrics.read([](const metrics::MetricBoard& board) { return board.series(); });
    ASSERT_EQ(series.front().metric, Metric::CrossEntropy);
    EXPECT_EQ(series.front().buckets.front().nonFinite, 1);
}

} // namespace
} // namespace dubito::session
