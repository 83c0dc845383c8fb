// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/memory/MemoryReport.h"

#include "backend/base/AtomicFile.h"
#include "backend/base/Text.h"
#include "tests/support/TemporaryFolder.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace dubito::memory {
namespace {

using namespace std::chrono_literals;

MemoryReport reportAt(std::chrono::hours hours, const std::string& cause = "user")
{
    MemoryReport report;
    report.cause = cause;
    report.wall = std::chrono::sys_days(std::chrono::year(2026) / 3 / 1) + hours;
    report.step = 120;
    report.status.latest.resident = 512 * kMiB;
    report.status.level = Level::Cleanup;
    report.status.bytesByCategory[toIndex(Category::Weights)] = 64 * kMiB;
    report.status.advice = { { .rule = "budget", .grade = Level::Alert, .text = "Set memory.budget_gb." } };
    return report;
}

TEST(MemoryReport, SaysWhereTheMemoryIsWhoHoldsItAndWhatToDo)
{
    auto report = reportAt(0h);
    report.sites = { { .where = std::source_location::current(), .category = Category::Weights, .liveBytes = kMiB, .liveCount = 1 },
        { .where = std::source_location::current(), .category = Category::Data, .liveBytes = 3 * kMiB, .liveCount = 2 },
        { .where = std::source_location::current(), .category = Category::Data, .liveBytes = 0, .liveCount = 0 } };
    report.cleanUp = CleanUpReport { .before = 100 * kMiB, .after = 60 * kMiB, .dropped = { "freed tensor memory" } };
    const auto json = nlohmann::json::parse(toJson(report));
    EXPECT_EQ(json.at("memory").at("rss_mb"), 512);
    EXPECT_EQ(json.at("levels").at("level"), "cleanup");
    EXPECT_EQ(json.at("categories").at("weights").at("mb"), 64);
    EXPECT_EQ(json.at("advice").at(0).at("rule"), "budget");
    ASSERT_EQ(json.at("sites").size(), 2U) << "a line that holds nothing is left out";
    EXPECT_EQ(json.at("sites").at(0).at("mb"), 3) << "the largest first";
    EXPECT_EQ(json.at("clean_up").at("after_mb"), 60);
}

TEST(MemoryReport, OldOnesGoAndSoDoTooManyAndNothingElse)
{
    const TemporaryFolder folder;
    folder.write("notes.txt", "mine");
    folder.write("memory-notes.txt", "mine too");
    for (int day = 0; day < 20; ++day) {
        const auto saved = saveReport(folder.path(), reportAt(std::chrono::hours(24 * day)), { .retentionDays = 7, .limit = 50 });
        ASSERT_TRUE(saved) << toText(saved.error());
        EXPECT_TRUE(std::filesystem::exists(*saved));
    }
    EXPECT_EQ(folder.names().size(), 2U + 8U) << "seven days and the newest";
    ASSERT_TRUE(saveReport(folder.path(), reportAt(24h * 20, "critical"), { .retentionDays = 7, .limit = 3 }));
    const auto names = folder.names();
    EXPECT_EQ(names.size(), 2U + 3U);
    EXPECT_NE(std::ranges::find_if(names, [](const auto& name) { return name.ends_with("-critical.json"); }), names.end());
}

TEST(MemoryReport, AFolderThatCannotBeWrittenIsNamed)
{
    const TemporaryFolder folder;
    const auto file = folder.write("file", "");
    const auto saved = saveReport(file, reportAt(0h), {});
    ASSERT_FALSE(saved);
    EXPECT_EQ(saved.error().code, ErrorCode::Output);
}

} // namespace
} // namespace dubito::memory
