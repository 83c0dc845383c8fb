// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/memory/MemoryStatus.h"
#include "backend/memory/TraceJudge.h"

#include <cstdint>
#include <filesystem>
#include <iosfwd>
#include <string>

namespace CLI {
class App;
}

namespace dubito::app {

enum class VerdictForm : std::uint8_t { JsonAndSentence, Json };

/// What `dubito leak` was asked.
struct LeakQuestion {
    std::filesystem::path file;
    std::string column = "rss_mb";
    memory::TraceWishes wishes;
    memory::Decision failOn = memory::Decision::None; ///< the alarm that makes the exit code 10; None: no alarm does
    VerdictForm form = VerdictForm::JsonAndSentence;
};

/// Judges a recorded trace: one JSON line per alarm and a summary line to `out`; sentences for people to `remarks`.
/// Returns 0 when judged, 10 when the alarm of `failOn` was found, 2 or 3 when the file cannot be taken, 6 when `out`
/// cannot be written.
int judgeLeak(const LeakQuestion& question, std::ostream& out, std::ostream& remarks);

/// Adds `leak FILE`; `exitCode` is set when it was asked for, and must outlive `program`.
void addLeakCommand(CLI::App& program, int& exitCode);

} // namespace dubito::app
