// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/base/Error.h"
#include "backend/metrics/Metric.h"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace dubito::metrics {

/// One optimizer step as a line of metrics.jsonl: `step`, `time` and one key per metric that is known.
struct MetricsLine {
    std::int64_t step = 0;
    std::chrono::milliseconds time { 0 }; ///< since the run began, pauses and earlier sessions included
    std::vector<std::pair<Metric, double>> values; ///< not finite becomes null, and NaN when it is read

    friend bool operator==(const MetricsLine&, const MetricsLine&) = default;
};

/// Numbers read back to the same double.
std::string toJson(const MetricsLine& line);

/// metrics.jsonl of a run: one line per step, appended, and the curve of one run whatever happened to it.
///
/// Lines are buffered; syncFile() makes those that were flushed durable, before a checkpoint gets its name. Beyond
/// metrics.max_file_mb the file is rotated to metrics.1.jsonl, metrics.2.jsonl … (all are kept: it is the run).
/// Train thread alone.
class MetricsFile {
public:
    /// A new, empty file; a pipe or a device is written as it is. ErrorCode::Output; ErrorCode::Usage when another
    /// process writes there, or something else than metrics would be lost.
    static Result<MetricsFile> create(const std::filesystem::path& path, std::int64_t maxBytes);

    /// Goes on after `step`: later lines and a torn last one are cut. An absent file begins empty.
    static Result<MetricsFile> resume(const std::filesystem::path& path, std::int64_t maxBytes, std::int64_t step);

    MetricsFile(MetricsFile&& other) noexcept;
    MetricsFile& operator=(MetricsFile&& other) noexcept;
    ~MetricsFile();

    Result<void> append(const MetricsLine& line);

    /// Hands what is buffered to the system; readers of the file see it.
    Result<void> flush();

    /// Whether what is written still stands at the path; a pipe or a device always does.
    bool isInPlace() const;

    /// When the file was removed or moved away: writes it anew at its path, with the lines it had since it was last rotated.
    /// One that somebody has put there is gone on with at its end. ErrorCode::Output; ErrorCode::Usage as create().
    Result<void> restore();

    const std::filesystem::path& path() const { return m_path; }

private:
    MetricsFile(std::filesystem::path path, std::int64_t maxBytes, int descriptor, std::int64_t size);

    Result<void> rotate();

    std::filesystem::path m_path;
    std::int64_t m_maxBytes;
    int m_descriptor = -1;
    std::int64_t m_size = 0;
    std::string m_buffer;
};

/// Makes the lines that were flushed so far durable, through a descriptor of its own: any thread. An absent file is one
/// that is being rotated: there is nothing left to do.
Result<void> syncFile(const std::filesystem::path& path);

/// The files that a run's metrics lie in, oldest first; `path` itself is the last.
std::vector<std::filesystem::path> metricsFiles(const std::filesystem::path& path);

} // namespace dubito::metrics
