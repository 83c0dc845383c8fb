// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/base/Guarded.h"
#include "backend/base/Worker.h"
#include "backend/session/Replay.h"

#include <cstdint>
#include <filesystem>
#include <optional>

namespace dubito::session {

/// Every line of a metrics.jsonl, rotated files included, as CSV: `step,seconds` and one column per metric, by its key.
/// Exact numbers; what is not known is empty. Streams, and appears whole or not at all. The answer is the number of steps.
/// ErrorCode::NotFound, Output, or Refused when the stop was requested.
Result<std::int64_t> exportCurves(
    const std::filesystem::path& metricsFile, const std::filesystem::path& csv, const OpeningListener& listener = {});

/// exportCurves() on a thread of its own, for the window.
///
/// Made and asked by one thread. Destroyed before the end, it stops, and leaves no file.
class CurveExport {
public:
    CurveExport(const std::filesystem::path& metricsFile, const std::filesystem::path& csv);

    /// 0 to 1.
    double share() const;

    /// Nothing while it works; then how many steps were written, or why none.
    std::optional<Result<std::int64_t>> outcome() const;

private:
    struct State {
        double share = 0;
        std::optional<Result<std::int64_t>> outcome;
    };

    Guarded<State> m_state;
    Worker m_worker; // last: joined before what it uses is gone
};

} // namespace dubito::session
