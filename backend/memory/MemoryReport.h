// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/base/Error.h"
#include "backend/memory/MemoryScope.h"
#include "backend/memory/MemoryStatus.h"
#include "backend/memory/PoolCounters.h"
#include "backend/memory/SiteTable.h"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace dubito::memory {

/// What a clean-up gave back; bytes of the anonymous part of RSS.
struct CleanUpReport {
    std::int64_t before = 0;
    std::int64_t after = 0;
    std::vector<std::string> dropped; ///< the caches, in their order
};

/// Everything known about memory at one moment.
struct MemoryReport {
    std::string cause; ///< a word: "critical", "reload", "user", "signal"
    std::string runName;
    std::int64_t step = 0;
    std::chrono::system_clock::time_point wall;
    MemoryStatus status;
    PoolCounters pool;
    std::vector<SiteUse> sites; ///< the whole table; the largest 32 are written
    std::vector<ScopeReport> operations; ///< measured lately
    std::optional<CleanUpReport> cleanUp; ///< when this report is of one
};

/// How long reports are kept.
struct ReportRules {
    double retentionDays = 7;
    std::int64_t limit = 50;
};

/// The report as JSON, indented, with a newline at its end. Sizes in MiB, keys end in _mb.
std::string toJson(const MemoryReport& report);

/// Writes it into `folder` (made when it is not there) as memory-<date>-<time>-<cause>.json and removes the reports
/// that the rules no longer keep; nothing else in the folder is touched. The answer is its path. ErrorCode::Output.
Result<std::filesystem::path> saveReport(
    const std::filesystem::path& folder, const MemoryReport& report, const ReportRules& rules);

} // namespace dubito::memory
