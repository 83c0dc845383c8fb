// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/base/Error.h"
#include "backend/metrics/MetricsFile.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <stop_token>

namespace dubito::metrics {

/// How far a reading is: bytes of all files of the run. Told every few megabytes.
struct ReadingProgress {
    std::int64_t bytesRead = 0;
    std::int64_t bytesInAll = 0;
};

/// Who follows a reading. Both are called by the thread that reads.
struct MetricsListener {
    std::function<void(const MetricsLine&)> onLine; ///< the line is good for the call alone
    std::function<void(const ReadingProgress&)> onProgress {}; ///< may be empty
};

/// Every line of a run, oldest first, rotated files included; a torn or foreign line is skipped and counted.
///
/// Streams: memory stays constant, a million steps (half a gigabyte) take a second or two. The answer is the number of
/// lines skipped. ErrorCode::NotFound when a file is not there, Refused when the stop was requested.
Result<std::int64_t> readMetrics(
    const std::filesystem::path& path, const MetricsListener& listener, std::stop_token stop = {});

/// Steps of a run, both ends included.
struct StepRange {
    std::int64_t first = 0;
    std::int64_t last = 0;

    friend bool operator==(const StepRange&, const StepRange&) = default;
};

/// The lines of some steps alone. Where they begin is found by halving the files: a thousand steps of a million cost what a
/// thousand cost. Relies on steps that rise, as a run writes them; of a foreign file whose steps do not, some may be missed.
Result<std::int64_t> readMetrics(const std::filesystem::path& path, const StepRange& steps,
    const MetricsListener& listener, std::stop_token stop = {});

/// The same for one who wants the lines alone.
Result<std::int64_t> readMetrics(
    const std::filesystem::path& path, const std::function<void(const MetricsLine&)>& onLine);

} // namespace dubito::metrics
