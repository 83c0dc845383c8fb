// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/memory/MemoryReport.h"

#include "backend/base/AtomicFile.h"
#include "backend/base/Text.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <ctime>
#include <functional>
#include <span>

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace dubito::memory {
namespace {

using Json = nlohmann::ordered_json;
namespace fs = std::filesystem;

constexpr std::size_t kMostSites = 32;
constexpr std::size_t kMostOperations = 64;
constexpr std::array<std::string_view, 4> kLevelWords { "normal", "alert", "cleanup", "critical" };
constexpr std::array<std::string_view, 4> kPressureWords { "none", "shrink", "pause", "abort" };
constexpr std::array<std::string_view, 3> kDecisionWords { "none", "warn", "act" };

template <typename Enum, std::size_t Count>
std::string_view wordOf(Enum value, const std::array<std::string_view, Count>& words)
{
    return words[static_cast<std::size_t>(value)];
}

/// MiB with three decimals: enough to see a page, short enough to read.
double mb(std::int64_t bytes) { return std::round(toMiB(bytes) * 1000) / 1000; }

Json sampleJson(const MemoryStatus& status)
{
    const auto& latest = status.latest;
    return { { "rss_mb", mb(latest.resident) }, { "anonymous_mb", mb(latest.anonymous()) },
        { "file_backed_mb", mb(latest.fileBacked) }, { "tensor_mb", mb(latest.active) }, { "cache_mb", mb(latest.cache) },
        { "untracked_mb", mb(latest.untracked) }, { "available_mb", mb(latest.available) }, { "limit_mb", mb(latest.limit) },
        { "peak_rss_mb", mb(status.peakResident) }, { "peak_tensor_mb", mb(status.peakActive) } };
}

Json levelsJson(const MemoryStatus& status)
{
    const auto& limits = status.limits;
    return { { "level", wordOf(status.level, kLevelWords) }, { "pressure", wordOf(status.pressure, kPressureWords) },
        { "budget_mb", mb(limits.budget) }, { "alert_mb", mb(limits.alert) }, { "cleanup_mb", mb(limits.cleanup) },
        { "critical_mb", mb(limits.critical) }, { "pause_available_mb", mb(limits.pauseAvailable) },
        { "abort_available_mb", mb(limits.abortAvailable) }, { "reload_threshold_mb", mb(limits.reloadThreshold) },
        { "machine_mb", mb(limits.machine) }, { "cache_limit_mb", mb(status.cacheLimit) },
        { "cache_note", status.cacheNote } };
}

Json categoriesJson(const MemoryStatus& status, const PoolCounters& pool)
{
    Json categories = Json::object();
    for (std::size_t i = 0; i < kCategoryCount; ++i) {
        categories[std::string(toWord(static_cast<Category>(i)))]
            = { { "mb", mb(status.bytesByCategory[i]) }, { "pool_mb", mb(pool.bytes[i]) }, { "blocks", pool.count[i] },
                  { "peak_mb", mb(pool.peakBytes[i]) } };
    }
    return categories;
}

Json leakJson(const LeakVerdict& leak)
{
    Json growth = Json::object();
    for (const Growth& stream : leak.growth) {
        growth[stream.who] = { { "mb_per_step", stream.mbPerStep }, { "low", stream.low }, { "high", stream.high } };
    }
    return { { "decision", wordOf(leak.decision, kDecisionWords) }, { "mb_per_step", leak.mbPerStep }, { "low", leak.low },
        { "high", leak.high }, { "nothing_above", leak.nothingAbove }, { "blame", leak.blameWord },
        { "reason", leak.reason }, { "growth", growth } };
}

Json sitesJson(std::vector<SiteUse> sites)
{
    std::erase_if(sites, [](const SiteUse& site) { return site.liveBytes == 0; });
    std::ranges::sort(sites, std::greater {}, &SiteUse::liveBytes);
    Json rows = Json::array();
    for (const SiteUse& site : std::span(sites).first(std::min(sites.size(), kMostSites))) {
        rows.push_back({ { "site", site.toText() }, { "mb", mb(site.liveBytes) }, { "blocks", site.liveCount } });
    }
    return rows;
}

Json operationsJson(const std::vector<ScopeReport>& operations)
{
    Json rows = Json::array();
    const std::size_t from = operations.size() > kMostOperations ? operations.size() - kMostOperations : 0;
    for (const ScopeReport& operation : std::span(operations).subspan(from)) {
        rows.push_back({ { "name", operation.name }, { "tensor_delta_mb", mb(operation.poolDelta) },
            { "tensor_peak_mb", mb(operation.poolPeak) }, { "resident_delta_mb", mb(operation.residentDelta) },
            { "seconds", std::chrono::duration<double>(operation.duration).count() }, { "ended", operation.ended } });
    }
    return rows;
}

Json phasesJson(const MemoryStatus& status)
{
    Json phases = Json::object();
    for (std::size_t i = 0; i < kPhaseCount; ++i) {
        const PhaseUse& use = status.phases[i];
        phases[std::string(kPhaseWords[i])]
            = { { "looks", use.looks }, { "usual_mb", mb(use.usual) }, { "unusual_from_mb", mb(use.unusual) } };
    }
    return phases;
}

Json adviceJson(const std::vector<Advice>& advice)
{
    Json rows = Json::array();
    for (const Advice& row : advice) {
        rows.push_back({ { "rule", row.rule }, { "grade", wordOf(row.grade, kLevelWords) }, { "text", row.text } });
    }
    return rows;
}

bool isReport(const fs::path& file)
{
    const std::string name = file.filename().string();
    return name.starts_with("memory-") && name.ends_with(".json");
}

/// The oldest go first; names begin with the date, so their order is that of time.
void forget(const fs::path& folder, const MemoryReport& newest, const ReportRules& rules)
{
    std::vector<fs::path> reports;
    std::error_code problem;
    for (const auto& entry : fs::directory_iterator(folder, problem)) {
        if (isReport(entry.path())) {
            reports.push_back(entry.path());
        }
    }
    std::ranges::sort(reports);
    const auto oldest = newest.wall
        - std::chrono::duration_cast<std::chrono::system_clock::duration>(
            std::chrono::duration<double, std::ratio<86400>>(rules.retentionDays));
    const auto seconds = std::chrono::system_clock::to_time_t(oldest);
    const fs::path bound = folder / fmt::format("memory-{:%Y%m%d-%H%M%S}", fmt::gmtime(seconds));
    const auto limit = static_cast<std::size_t>(std::max<std::int64_t>(1, rules.limit));
    for (std::size_t i = 0; i + 1 < reports.size(); ++i) {
        if (reports[i] < bound || reports.size() - i > limit) {
            fs::remove(reports[i], problem);
        }
    }
}

} // namespace

std::string toJson(const MemoryReport& report)
{
    const auto wall = std::chrono::duration_cast<std::chrono::milliseconds>(report.wall.time_since_epoch()).count();
    Json json { { "cause", report.cause }, { "run", report.runName }, { "step", report.step }, { "wall", wall },
        { "phase", toWord(report.status.phase) }, { "memory", sampleJson(report.status) },
        { "levels", levelsJson(report.status) }, { "categories", categoriesJson(report.status, report.pool) },
        { "phases", phasesJson(report.status) }, { "leak", leakJson(report.status.leak) },
        { "sites", sitesJson(report.sites) }, { "operations", operationsJson(report.operations) },
        { "advice", adviceJson(report.status.advice) } };
    if (report.cleanUp) {
        json["clean_up"] = { { "before_mb", mb(report.cleanUp->before) }, { "after_mb", mb(report.cleanUp->after) },
            { "dropped", report.cleanUp->dropped } };
    }
    return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

Result<fs::path> saveReport(const fs::path& folder, const MemoryReport& report, const ReportRules& rules)
{
    std::error_code problem;
    fs::create_directories(folder, problem);
    const auto milliseconds
        = std::chrono::duration_cast<std::chrono::milliseconds>(report.wall.time_since_epoch()).count();
    const auto seconds = static_cast<std::time_t>(milliseconds / 1000);
    const fs::path file = folder
        / fmt::format("memory-{:%Y%m%d-%H%M%S}-{:03}-{}.json", fmt::gmtime(seconds), milliseconds % 1000, report.cause);
    if (auto written = writeAtomically(file, toJson(report)); !written) {
        return written.error();
    }
    forget(folder, report, rules);
    return file;
}

} // namespace dubito::memory
