// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/base/Error.h"
#include "backend/memory/LeakLadder.h"
#include "backend/memory/LeakJudge.h"
#include "backend/memory/MemoryStatus.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dubito::memory {

/// Memory of a run that was recorded: one row per step (or per so many steps), in MiB.
struct LeakTrace {
    struct Row {
        std::int64_t step = 0;
        double mb = 0;
    };
    std::vector<Row> rows; ///< steps rise
};

/// Reads a CSV file with a header; the columns `step` and `column` are found by name. At most 10 million rows.
/// ErrorCode::NotFound when the file is not there, ErrorCode::Usage when the column is not, ErrorCode::Data when a line makes no sense.
Result<LeakTrace> readLeakTrace(const std::filesystem::path& path, std::string_view column);

/// How a trace is judged.
struct TraceWishes {
    LeakLevels levels;
    std::optional<std::int64_t> reloadAt; ///< step of a model reload
    std::optional<double> limitMb; ///< without one no limit, forecast or pressure rule speaks
};

/// One alarm that holds at a step; at most one per 200 steps and kind.
struct TraceAlarm {
    std::int64_t step = 0;
    Decision decision = Decision::Warn; ///< Warn or Act
    LeakEstimate growth;
    std::string reason; ///< the rule about the limit that spoke; empty for the slope
};

/// What a whole trace amounts to.
struct TraceVerdict {
    std::vector<TraceAlarm> alarms; ///< by step; at most one per 200 rows and kind
    std::int64_t rows = 0;
    std::int64_t lastStep = 0;
    LeakEstimate growth; ///< at the end
    double nothingAbove = 0;
    Forecast toLimit;
};

/// Judges the single stream of a trace as LeakJudge judges the resident set. Slopes are per step, also where the
/// trace has a row for every tenth only.
TraceVerdict judgeTrace(const LeakTrace& trace, const TraceWishes& wishes);

/// One line of JSON, without the newline: {"step": 939, "decision": "act", "mb_per_step": …, "low": …, "high": …}
std::string toJson(const TraceAlarm& alarm);

/// The last line: the same about the end of the trace, with "summary": true.
std::string toJson(const TraceVerdict& verdict);

} // namespace dubito::memory
