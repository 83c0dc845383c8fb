// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/metrics/MetricsFile.h"

#include "backend/metrics/MetricsReading.h"
#include "tests/support/TemporaryFolder.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <limits>
#include <numeric>
#include <sstream>
#include <sys/stat.h>
#include <unistd.h>

namespace dubito::metrics {
namespace {

constexpr std::int64_t kNoRotation = 1 << 30;

MetricsLine lineOf(std::int64_t step)
{
    return { step, std::chrono::milliseconds(100 * step),
        { { Metric::CrossEntropy, 1.0 / static_cast<double>(step) }, { Metric::Tokens, 512.0 } } };
}

void write(MetricsFile& file, std::int64_t first, std::int64_t last)
{
    for (std::int64_t step = first; step <= last; ++step) {
        ASSERT_TRUE(file.append(lineOf(step)));
        ASSERT_TRUE(file.flush());
    }
}

std::vector<std::int64_t> stepsOf(const std::filesystem::path& path)
{
    std::vector<std::int64_t> steps;
    const auto read = readMetrics(path, [&](const MetricsLine& line) { steps.push_back(line.step); });
    EXPECT_TRUE(read) << (read ? "" : toText(read.error()));
    return steps;
}

std::vector<std::int64_t> oneTo(std::int64_t last)
{
    std::vector<std::int64_t> steps(static_cast<std::size_t>(last));
    std::iota(steps.begin(), steps.end(), 1);
    return steps;
}

std::string contentOf(const std::filesystem::path& path)
{
    std::ostringstream text;
    text << std::ifstream(path).rdbuf();
    return text.str();
}

TEST(MetricsFile, ALineHasTheFieldsOfTheDocumentation)
{
    MetricsLine line { 7, std::chrono::milliseconds(61'042), {} };
    for (const auto& row : kMetricRows) {
        line.values.emplace_back(row.metric, 1.5);
    }
    const std::string text = toJson(line);
    EXPECT_TRUE(text.ends_with("}\n"));
    const auto json = nlohmann::json::parse(text);
    for (const char* key : { "step", "ce", "weighted_ce", "distrust", "published_total", "lr", "grad_norm", "tokens",
             "tokens_per_s", "step_ms", "ess", "rss_mb", "tensor_mb", "leak_mb_per_step", "leak_low", "leak_high", "time" }) {
        EXPECT_TRUE(json.contains(key)) << key;
    }
    EXPECT_EQ(json["step"], 7);
    EXPECT_EQ(json["time"], 61.042);
}

TEST(MetricsFile, WhatIsNotKnownIsNull)
{
    const auto json = nlohmann::json::parse(toJson({ 1, {},
        { { Metric::LeakLow, std::numeric_limits<double>::quiet_NaN() },
            { Metric::LeakHigh, std::numeric_limits<double>::infinity() } } }));
    EXPECT_TRUE(json["leak_low"].is_null());
    EXPECT_TRUE(json["leak_high"].is_null());
}

TEST(MetricsFile, NumbersReadBackToTheSameDouble)
{
    const TemporaryFolder folder;
    const auto path = folder.path() / "metrics.jsonl";
    const std::vector<double> values { 0.1 + 0.2, 1.0 / 3.0, 7.755338, 5e-324, 1.7976931348623157e308, -0.0, 1e-5,
        std::nextafter(3.0, 4.0) };
    {
        auto file = MetricsFile::create(path, kNoRotation);
        ASSERT_TRUE(file);
        for (std::size_t i = 0; i < values.size(); ++i) {
            ASSERT_TRUE(file->append({ static_cast<std::int64_t>(i + 1), {}, { { Metric::CrossEntropy, values[i] } } }));
        }
    }
    std::size_t at = 0;
    ASSERT_TRUE(readMetrics(path, [&](const MetricsLine& line) {
        ASSERT_EQ(line.values.size(), 1U);
        EXPECT_EQ(line.values[0].second, values[at]);
        EXPECT_EQ(std::signbit(line.values[0].second), std::signbit(values[at]));
        ++at;
    }));
    EXPECT_EQ(at, values.size());
}

TEST(MetricsFile, ALineReadsBackWhole)
{
    const TemporaryFolder folder;
    const auto path = folder.path() / "metrics.jsonl";
    auto file = MetricsFile::create(path, kNoRotation);
    ASSERT_TRUE(file);
    write(*file, 1, 1);
    std::vector<MetricsLine> lines;
    ASSERT_TRUE(readMetrics(path, [&](const MetricsLine& line) { lines.push_back(line); }));
    EXPECT_EQ(lines, std::vector { lineOf(1) });
}

TEST(MetricsFile, ANewRunEmptiesTheFileAndItsRotatedOnes)
{
    const TemporaryFolder folder;
    const auto path = folder.path() / "metrics.jsonl";
    folder.write("metrics.jsonl", toJson(lineOf(9)));
    folder.write("metrics.1.jsonl", toJson(lineOf(1)));
    folder.write("metrics.2.jsonl", toJson(lineOf(5)));
    ASSERT_TRUE(MetricsFile::create(path, kNoRotation));
    EXPECT_EQ(folder.names(), std::vector<std::string> { "metrics.jsonl" });
    EXPECT_TRUE(stepsOf(path).empty());
}

TEST(MetricsFile, AResumedRunCutsTheLinesAfterItsCheckpoint)
{
    const TemporaryFolder folder;
    const auto path = folder.path() / "metrics.jsonl";
    {
        auto file = MetricsFile::create(path, kNoRotation);
        ASSERT_TRUE(file);
        write(*file, 1, 10);
    }
    auto file = MetricsFile::resume(path, kNoRotation, 6);
    ASSERT_TRUE(file);
    EXPECT_EQ(stepsOf(path), oneTo(6));
    write(*file, 7, 8);
    EXPECT_EQ(stepsOf(path), oneTo(8));
}

TEST(MetricsFile, AResumedRunCutsATornLine)
{
    const TemporaryFolder folder;
    const auto path = folder.path() / "metrics.jsonl";
    folder.write("metrics.jsonl", toJson(lineOf(1)) + toJson(lineOf(2)) + R"({"step":3,"ce":0.3)");
    auto file = MetricsFile::resume(path, kNoRotation, 3);
    ASSERT_TRUE(file);
    write(*file, 3, 3);
    EXPECT_EQ(stepsOf(path), oneTo(3));
    EXPECT_EQ(contentOf(path), toJson(lineOf(1)) + toJson(lineOf(2)) + toJson(lineOf(3)));
}

TEST(MetricsFile, ARunWhoseMetricsAreGoneGoesOnWithAnEmptyFile)
{
    const TemporaryFolder folder;
    const auto path = folder.path() / "metrics.jsonl";
    auto file = MetricsFile::resume(path, kNoRotation, 100);
    ASSERT_TRUE(file);
    write(*file, 101, 101);
    EXPECT_EQ(stepsOf(path), std::vector<std::int64_t> { 101 });
}

TEST(MetricsFile, ALargeFileIsRotatedAndAllOfItIsReadInOrder)
{
    const TemporaryFolder folder;
    const auto path = folder.path() / "metrics.jsonl";
    auto file = MetricsFile::create(path, 300);
    ASSERT_TRUE(file);
    write(*file, 1, 60);
    EXPECT_GT(folder.names().size(), 3U);
    EXPECT_TRUE(std::filesystem::exists(folder.path() / "metrics.1.jsonl"));
    EXPECT_EQ(stepsOf(path), oneTo(60));
}

TEST(MetricsFile, AResumeCutsInWhicheverRotatedFileTheCheckpointLies)
{
    for (const std::int64_t step : { 0, 1, 4, 5, 6, 23, 24, 25, 26, 59, 60, 99 }) {
        const TemporaryFolder folder;
        const auto path = folder.path() / "metrics.jsonl";
        {
            auto file = MetricsFile::create(path, 300);
            ASSERT_TRUE(file);
            write(*file, 1, 60);
        }
        auto file = MetricsFile::resume(path, 300, step);
        ASSERT_TRUE(file);
        const std::int64_t kept = std::min<std::int64_t>(step, 60);
        EXPECT_EQ(stepsOf(path), oneTo(kept)) << "resumed after step " << step;
        write(*file, kept + 1, kept + 30);
        EXPECT_EQ(stepsOf(path), oneTo(kept + 30)) << "resumed after step " << step;
    }
}

TEST(MetricsFile, APathThatCannotBeWrittenIsRefusedInWords)
{
    const TemporaryFolder folder;
    const auto path = folder.path() / "missing" / "metrics.jsonl";
    for (const auto& file : { MetricsFile::create(path, kNoRotation), MetricsFile::resume(path, kNoRotation, 3) }) {
        ASSERT_FALSE(file);
        EXPECT_EQ(file.error().code, ErrorCode::Output);
        EXPECT_EQ(file.error().where, path.string());
        EXPECT_NE(file.error().message.find("--metrics"), std::string::npos);
    }
    EXPECT_FALSE(readMetrics(path, [](const MetricsLine&) {}));
}

TEST(MetricsFile, AFullDiskIsAnErrorOfTheWriteAndNotOfTheProgram)
{
    auto file = MetricsFile::create("/dev/full", kNoRotation);
    ASSERT_TRUE(file);
    ASSERT_TRUE(file->append(lineOf(1)));
    const auto flushed = file->flush();
    ASSERT_FALSE(flushed);
    EXPECT_EQ(flushed.error().code, ErrorCode::Output);
}

TEST(MetricsFile, WhatIsNoMetricsIsNeitherCutNorRemoved)
{
    const TemporaryFolder folder;
    const auto path = folder.path() / "corpus.jsonl";
    const std::string corpus = "{\"text\": \"a year of work\"}\n";
    for (const char* name : { "corpus.jsonl", "corpus.1.jsonl" }) {
        const auto precious = folder.write(name, corpus);
        for (const auto& file : { MetricsFile::create(path, kNoRotation), MetricsFile::resume(path, kNoRotation, 3) }) {
            ASSERT_FALSE(file) << name;
            EXPECT_EQ(file.error().code, ErrorCode::Usage);
            EXPECT_EQ(file.error().where, precious.string());
        }
        EXPECT_EQ(contentOf(precious), corpus);
        std::filesystem::remove(precious);
        folder.write("corpus.jsonl", "{\"step");
    }
    EXPECT_TRUE(MetricsFile::create(path, kNoRotation)) << "the beginning of a torn line is ours";
}

TEST(MetricsFile, TwoRunsDoNotWriteIntoOneFile)
{
    const TemporaryFolder folder;
    const auto path = folder.path() / "metrics.jsonl";
    auto first = MetricsFile::create(path, 300);
    ASSERT_TRUE(first);
    write(*first, 1, 9); // rotated meanwhile
    for (const auto& second : { MetricsFile::create(path, kNoRotation), MetricsFile::resume(path, kNoRotation, 3) }) {
        ASSERT_FALSE(second);
        EXPECT_EQ(second.error().code, ErrorCode::Usage);
    }
    EXPECT_EQ(stepsOf(path), oneTo(9));
}

TEST(MetricsFile, ADeviceIsWrittenAndNeverRenamedCutOrSynced)
{
    for (const std::int64_t resumedAfter : { 0, 3 }) {
        auto file = resumedAfter > 0 ? MetricsFile::resume("/dev/null", 100, resumedAfter) : MetricsFile::create("/dev/null", 100);
        ASSERT_TRUE(file) << toText(file.error());
        write(*file, 1, 9);
        EXPECT_TRUE(file->flush());
    }
    EXPECT_TRUE(syncFile("/dev/null"));
    EXPECT_TRUE(std::filesystem::is_character_file("/dev/null"));
    EXPECT_TRUE(stepsOf("/dev/null").empty());
}

TEST(MetricsFile, APipeNeedsAReader)
{
    const TemporaryFolder folder;
    const auto path = folder.path() / "pipe";
    ASSERT_EQ(::mkfifo(path.c_str(), 0600), 0);
    EXPECT_EQ(MetricsFile::create(path, kNoRotation).error().code, ErrorCode::Output);
    const int reader = ::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    auto file = MetricsFile::create(path, kNoRotation);
    ASSERT_TRUE(file) << toText(file.error());
    write(*file, 1, 1);
    EXPECT_TRUE(file->flush());
    EXPECT_TRUE(syncFile(path));
    std::array<char, 256> read {};
    EXPECT_GT(::read(reader, read.data(), read.size()), 0);
    ::close(reader);
}

TEST(MetricsFile, TheWriterOfACheckpointIsNotStoppedByARotationAtThatMoment)
{
    const TemporaryFolder folder;
    const auto path = folder.path() / "metrics.jsonl";
    EXPECT_TRUE(syncFile(path)) << "between two names there is nothing to make durable: the rotation has done it";
    auto file = MetricsFile::create(path, kNoRotation);
    ASSERT_TRUE(file);
    write(*file, 1, 3);
    EXPECT_TRUE(file->flush());
    EXPECT_TRUE(syncFile(path));
}

TEST(MetricsFile, AMovedFileIsWrittenOnceAndBelongsToItsNewOwner)
{
    const TemporaryFolder folder;
    const auto path = folder.path() / "metrics.jsonl";
    {
        auto first = MetricsFile::create(path, kNoRotation);
        ASSERT_TRUE(first);
        ASSERT_TRUE(first->append(lineOf(1)));
        MetricsFile second = std::move(*first);
        ASSERT_TRUE(second.append(lineOf(2)));
        auto third = MetricsFile::create(folder.path() / "other.jsonl", kNoRotation);
        ASSERT_TRUE(third);
        *third = std::move(second);
        ASSERT_TRUE(third->append(lineOf(3)));
    }
    EXPECT_EQ(stepsOf(path), oneTo(3));
}

TEST(MetricsFile, OneThatWasRemovedIsWrittenAgainWithTheLinesItHad)
{
    const TemporaryFolder folder;
    const auto path = folder.path() / "metrics.jsonl";
    auto file = MetricsFile::create(path, kNoRotation);
    ASSERT_TRUE(file);
    write(*file, 1, 500);
    EXPECT_TRUE(file->isInPlace());
    std::filesystem::remove(path);
    EXPECT_FALSE(file->isInPlace());
    ASSERT_TRUE(file->restore());
    EXPECT_TRUE(file->isInPlace());
    write(*file, 501, 600);
    EXPECT_EQ(stepsOf(path), oneTo(600));
    EXPECT_FALSE(MetricsFile::resume(path, kNoRotation, 600)) << "the new file is locked as well";
}

TEST(MetricsFile, OneThatSomebodyHasPutInItsPlaceIsGoneOnWithAtItsEnd)
{
    const TemporaryFolder folder;
    const auto path = folder.path() / "metrics.jsonl";
    auto file = MetricsFile::create(path, kNoRotation);
    ASSERT_TRUE(file);
    write(*file, 1, 3);
    std::filesystem::copy_file(path, folder.path() / "edited");
    std::filesystem::rename(folder.path() / "edited", path);
    EXPECT_FALSE(file->isInPlace());
    ASSERT_TRUE(file->restore());
    write(*file, 4, 5);
    EXPECT_EQ(stepsOf(path), oneTo(5));
}

TEST(MetricsFile, WhatStandsInItsPlaceAndIsNoMetricsIsNotTouched)
{
    const TemporaryFolder folder;
    const auto path = folder.path() / "metrics.jsonl";
    auto file = MetricsFile::create(path, kNoRotation);
    ASSERT_TRUE(file);
    std::filesystem::remove(path);
    folder.write("metrics.jsonl", "a letter to my mother\n");
    const auto restored = file->restore();
    ASSERT_FALSE(restored);
    EXPECT_EQ(restored.error().code, ErrorCode::Usage);
    EXPECT_EQ(contentOf(path), "a letter to my mother\n");
}

TEST(MetricsFile, ADeviceIsAlwaysInItsPlace)
{
    const auto file = MetricsFile::create("/dev/null", kNoRotation);
    ASSERT_TRUE(file);
    EXPECT_TRUE(file->isInPlace());
}

} // namespace
} // namespace dubito::metrics
