// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/metrics/MetricsReading.h"

#include "tests/support/TemporaryFolder.h"

#include <gtest/gtest.h>

#include <cmath>

namespace dubito::metrics {
namespace {

MetricsLine lineAt(std::int64_t step)
{
    return { step, std::chrono::milliseconds(100 * step),
        { { Metric::CrossEntropy, 1.0 / static_cast<double>(step) }, { Metric::Tokens, 512.0 } } };
}

struct Read {
    explicit Read(const std::string& text)
    {
        const TemporaryFolder folder;
        const auto path = folder.write("metrics.jsonl", text);
        const auto read = readMetrics(path, [&](const MetricsLine& line) { lines.push_back(line); });
        EXPECT_TRUE(read) << (read ? "" : toText(read.error()));
        skipped = read ? *read : -1;
    }

    std::vector<MetricsLine> lines;
    std::int64_t skipped = 0;
};

TEST(MetricsReading, ForeignLinesAreSkippedAndCounted)
{
    const TemporaryFolder folder;
    const auto path = folder.write("metrics.jsonl",
        toJson(lineAt(1)) + "nonsense\n\n[1,2]\n{\"step\":\"two\",\"time\":1}\n{\"step\":2}\n"
            + "{\"step\":3,\"time\":1e300,\"ce\":\"text\",\"other\":5}\n" + std::string(70'000, 'x') + "\n");
    std::vector<MetricsLine> lines;
    const auto skipped = readMetrics(path, [&](const MetricsLine& line) { lines.push_back(line); });
    ASSERT_TRUE(skipped);
    EXPECT_EQ(*skipped, 6);
    ASSERT_EQ(lines.size(), 2U);
    EXPECT_EQ(lines[1].step, 3);
    EXPECT_TRUE(lines[1].values.empty());
    EXPECT_GE(lines[1].time.count(), 0);
}

TEST(MetricsReading, KeysThatComeInAnotherOrderOrGoAreFoundAllTheSame)
{
    const Read read("{\"step\":1,\"ce\":1.5,\"rss_mb\":7,\"time\":1}\n"
                    "{\"time\":2,\"rss_mb\":8,\"ce\":2.5,\"step\":2}\n"
                    "{\"step\":3,\"rss\\u005fmb\":9,\"cents\":4,\"time\":3}\n");
    ASSERT_EQ(read.lines.size(), 3U);
    EXPECT_EQ(read.lines[1].step, 2);
    EXPECT_EQ(read.lines[1].values,
        (std::vector<std::pair<Metric, double>> { { Metric::Resident, 8 }, { Metric::CrossEntropy, 2.5 } }));
    EXPECT_EQ(read.lines[2].values, (std::vector<std::pair<Metric, double>> { { Metric::Resident, 9 } }));
}

TEST(MetricsReading, WhatIsNullIsNotANumberAndWhatIsTextIsNothing)
{
    const Read read("{\"step\":1,\"time\":1,\"ce\":null,\"rss_mb\":\"much\",\"foreign\":null,\"lr\":1}\n");
    ASSERT_EQ(read.lines.size(), 1U);
    ASSERT_EQ(read.lines[0].values.size(), 2U);
    EXPECT_EQ(read.lines[0].values[0].first, Metric::CrossEntropy);
    EXPECT_TRUE(std::isnan(read.lines[0].values[0].second));
    EXPECT_EQ(read.lines[0].values[1], std::pair(Metric::LearningRate, 1.0));
}

TEST(MetricsReading, ALineTornAnywhereIsSkippedAndTheOthersStay)
{
    const std::string whole = toJson(lineAt(2));
    for (std::size_t length = 1; length + 2 < whole.size(); ++length) {
        const Read read(toJson(lineAt(1)) + whole.substr(0, length) + "\n" + toJson(lineAt(3)));
        ASSERT_EQ(read.lines.size(), 2U) << whole.substr(0, length);
        EXPECT_EQ(read.lines[1], lineAt(3));
        EXPECT_EQ(read.skipped, 1);
    }
}

TEST(MetricsReading, ALastLineWithoutItsEndCountsWhenItIsWhole)
{
    const std::string whole = toJson(lineAt(2));
    EXPECT_EQ(Read(toJson(lineAt(1)) + whole.substr(0, whole.size() - 1)).lines.size(), 2U);
    EXPECT_EQ(Read(toJson(lineAt(1)) + whole.substr(0, whole.size() - 2)).lines.size(), 1U);
}

TEST(MetricsReading, LinesAcrossTheBlocksOfTheReaderAreWhole)
{
    std::string text;
    std::int64_t step = 0;
    while (text.size() < (std::size_t { 9 } << 20)) {
        text += toJson(lineAt(++step));
    }
    const Read read(text);
    EXPECT_EQ(read.skipped, 0);
    ASSERT_EQ(read.lines.size(), static_cast<std::size_t>(step));
    EXPECT_EQ(read.lines.back(), lineAt(step));
}

TEST(MetricsReading, TellsHowFarItIsAndStopsWhenAsked)
{
    const TemporaryFolder folder;
    const auto path = folder.write("metrics.jsonl", toJson(lineAt(1)));
    ReadingProgress seen;
    const MetricsListener listener { .onLine = [](const MetricsLine&) {},
        .onProgress = [&](const ReadingProgress& progress) { seen = progress; } };
    ASSERT_TRUE(readMetrics(path, listener));
    EXPECT_EQ(seen.bytesRead, seen.bytesInAll);
    EXPECT_GT(seen.bytesRead, 0);
    std::stop_source stop;
    stop.request_stop();
    const auto stopped = readMetrics(path, listener, stop.get_token());
    ASSERT_FALSE(stopped);
    EXPECT_EQ(stopped.error().code, ErrorCode::Refused);
}

} // namespace
} // namespace dubito::metrics
