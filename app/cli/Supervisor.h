// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli/ProgressWatch.h"
#include "app/cli/RestartPolicy.h"
#include "app/cli/SupervisedProcess.h"
#include "backend/base/Clock.h"
#include "backend/base/Error.h"
#include "backend/base/SignalDescriptor.h"
#include "backend/memory/LeakLadder.h"
#include "backend/memory/OomKills.h"
#include "backend/memory/ProcessTree.h"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace dubito::app {

/// What `dubito supervise` was asked. MB is MiB.
struct SupervisorOptions {
    std::vector<std::string> command;
    std::vector<std::string> resumeWords; ///< added to the command from the first restart on: "--resume"
    double limitGb = 0; ///< resident memory of the whole tree; 0: off
    double leakMbPerMinute = 60; ///< a leak that is certain to be about this fast is acted on; 0: off
    double intervalS = 1; ///< between two looks
    double graceS = 120; ///< from SIGTERM to SIGKILL
    RestartRules restarts;
    std::filesystem::path progress; ///< a file that grows while the command gets somewhere; empty: not looked at
    std::filesystem::path events; ///< JSON lines; empty: none
};

/// Runs a command, watches the memory of its process tree, and begins it anew when that helps.
///
/// The leak ladder that judges a run from inside judges its tree from outside, a sample at every look. A command that
/// leaks, passes the limit, asks for it (exit code 100) or is killed for want of memory is restarted; a stop goes SIGTERM,
/// patience, SIGKILL. Signals are passed on. One thread; nothing of the command's outlives it.
class Supervisor {
public:
    /// ErrorCode::Output when the events cannot be written.
    static Result<Supervisor> create(SupervisorOptions options, const Clock& clock, const SignalDescriptor& signals);

    /// Until the command has ended for good; the exit code for the shell: that of the command, 128 + signal, or 4 when
    /// it was given up.
    Result<int> run();

private:
    using Numbers = std::vector<std::pair<std::string, double>>;

    Supervisor(SupervisorOptions options, const Clock& clock, const SignalDescriptor& signals);

    Result<CommandEnd> runOnce();
    void watch();
    void look();
    void obey(int signal);
    void stop(StopReason reason, const std::string& cause, const std::string& why);
    void insist();
    bool waitBeforeRestart(std::chrono::nanoseconds wait);
    CommandEnd describeEnd(int status);
    void tell(const std::string& kind, const std::string& cause, const std::string& message, const Numbers& numbers = {});

    SupervisorOptions m_options;
    const Clock* m_clock;
    const SignalDescriptor* m_signals;
    RestartPolicy m_policy;
    ProgressWatch m_progress;
    memory::LeakLadder m_ladder;
    std::optional<SupervisedProcess> m_process;
    memory::OomKills m_oomBefore;
    memory::TreeMemory m_memory; ///< at the last look
    std::int64_t m_peak = 0; ///< of the resident bytes, since the command was started
    StopReason m_reason = StopReason::None;
    std::optional<std::chrono::nanoseconds> m_killAt;
    bool m_hasWarned = false;
    bool m_isEnding = false; ///< the user asked for the end
    std::int64_t m_starts = 0;
};

} // namespace dubito::app
