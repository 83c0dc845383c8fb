// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/metrics/LineSearch.h"

#include "backend/metrics/MetricsReading.h"
#include "tests/support/TemporaryFolder.h"

#include <gtest/gtest.h>

#include <fmt/format.h>
#include <string>

namespace dubito::metrics {
namespace {

std::string linesOf(std::int64_t first, std::int64_t last, std::size_t extra)
{
    std::string text;
    for (std::int64_t step = first; step <= last; ++step) {
        text += fmt::format("{{\"step\":{},\"time\":{},\"foreign\":\"{}\",\"ce\":1}}\n", step, step, std::string(extra, 'x'));
    }
    return text;
}

TEST(LineSearch, FindsAPlaceShortlyBeforeEveryStep)
{
    const TemporaryFolder folder;
    const std::string text = linesOf(1, 9'000, 60);
    const LineFile file(folder.write("metrics.jsonl", text));
    ASSERT_TRUE(file.isOpen());
    for (const std::int64_t step : { -5, 1, 2, 17, 4'500, 8'999, 9'000, 9'001 }) {
        const auto at = static_cast<std::size_t>(file.lineBefore(step));
        ASSERT_TRUE(at == 0 || text[at - 1] == '\n') << step;
        const auto wanted = text.find(fmt::format("{{\"step\":{},", step));
        const auto end = step < 1 ? 0 : std::min(wanted, text.size());
        EXPECT_LE(at, end) << step;
        EXPECT_LE(end - at, 80'000U) << step << ": far too early";
    }
}

TEST(LineSearch, ForeignBytesAreOnlyFoundLessWell)
{
    const TemporaryFolder folder;
    for (const std::string& text : { std::string(), std::string(500'000, 'x'), std::string(500'000, '\n'), std::string(400'000, '\0'),
             linesOf(1, 2'000, 200) + std::string(300'000, 'y') + linesOf(2'001, 4'000, 200),
             linesOf(2'000, 4'000, 200) + linesOf(1, 1'999, 200) }) {
        const LineFile file(folder.write("metrics.jsonl", text));
        const auto at = file.lineBefore(2'000);
        EXPECT_GE(at, 0);
        EXPECT_LE(at, static_cast<std::int64_t>(text.size()));
    }
    EXPECT_FALSE(LineFile(folder.path() / "absent").isOpen());
}

TEST(LineSearch, AFewStepsOfMany)
{
    const TemporaryFolder folder;
    const auto path = folder.write("metrics.jsonl", linesOf(1, 40'000, 200));
    std::vector<std::int64_t> steps;
    std::int64_t bytes = 0;
    const MetricsListener listener { .onLine = [&](const MetricsLine& line) { steps.push_back(line.step); },
        .onProgress = [&](const ReadingProgress& progress) { bytes = progress.bytesRead; } };
    ASSERT_TRUE(readMetrics(path, StepRange { 30'000, 30'010 }, listener));
    ASSERT_EQ(steps.size(), 11U);
    EXPECT_EQ(steps.front(), 30'000);
    EXPECT_EQ(steps.back(), 30'010);
    EXPECT_LT(bytes, 5'000'000) << "of ten million";
    EXPECT_GT(bytes, 0);
}

} // namespace
} // namespace dubito::metrics
