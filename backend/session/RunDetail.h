// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/base/Guarded.h"
#include "backend/base/Worker.h"
#include "backend/metrics/MetricsReading.h"
#include "backend/metrics/Series.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <stop_token>
#include <vector>

namespace dubito::session {

/// Buckets of a metric in a detail: up to so many steps stand each for themselves.
inline constexpr std::size_t kDetailBuckets = 2048;

/// Bytes of its file that are read for a detail; then a few megabytes more at most.
inline constexpr std::int64_t kMostDetailBytes = std::int64_t { 256 } << 20;

/// Some steps of a run, finer than the history of the whole run has them: what one sees who zooms in.
struct RunDetail {
    metrics::StepRange steps; ///< those that were found
    std::vector<metrics::Series> series; ///< buckets alone, at most kDetailBuckets each, in the order of the table
};

/// Reads these steps from the metrics.jsonl of a run, rotated files included; also of one that is being written.
/// Reads at most `mostBytes` and keeps at most 8 MiB. NotFound when the file is absent or has none of the steps; Refused when they
/// are more than that, or the stop was requested.
Result<RunDetail> readDetail(const std::filesystem::path& metricsFile, const metrics::StepRange& steps,
    std::stop_token stop = {}, std::int64_t mostBytes = kMostDetailBytes);

/// Puts the detail in the place of what `whole` says about the same steps; the rest of `whole` stays as it is.
void refine(std::vector<metrics::Series>& whole, const RunDetail& detail);

/// readDetail() on a thread of its own, for the window.
///
/// Made and asked by one thread. Destroyed before the end, it stops.
class DetailReader {
public:
    DetailReader(std::filesystem::path metricsFile, const metrics::StepRange& steps, std::int64_t mostBytes = kMostDetailBytes);

    const metrics::StepRange& steps() const { return m_steps; }

    /// Nothing while it reads; then the detail or why there is none, for every call.
    std::shared_ptr<const Result<RunDetail>> outcome() const { return m_outcome.copy(); }

private:
    metrics::StepRange m_steps;
    Guarded<std::shared_ptr<const Result<RunDetail>>> m_outcome;
    Worker m_worker; // last: joined before what it uses is gone
};

} // namespace dubito::session
