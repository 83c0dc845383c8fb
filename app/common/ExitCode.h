// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/base/Error.h"
#include "backend/train/RunState.h"

namespace dubito::app {

/// What the programs answer to the shell. The numbers are documented and stay.
enum class ExitCode : int {
    Done = 0,
    Internal = 1,
    Usage = 2,
    Refused = 3, ///< data or model
    StoppedForMemory = 4,
    Diverged = 5,
    OutputFailed = 6,
    VerdictNo = 10, ///< leak found, plan does not fit
    Stopped = 75, ///< on request; resumable
    RestartWanted = 100,
};

constexpr int toInt(ExitCode code) { return static_cast<int>(code); }

constexpr ExitCode toExitCode(ErrorCode code)
{
    switch (code) {
    case ErrorCode::Usage:
    case ErrorCode::Refused:
        return ExitCode::Usage;
    case ErrorCode::Data:
    case ErrorCode::Model:
    case ErrorCode::NotFound:
        return ExitCode::Refused;
    case ErrorCode::Memory:
        return ExitCode::StoppedForMemory;
    case ErrorCode::Diverged:
        return ExitCode::Diverged;
    case ErrorCode::Output:
        return ExitCode::OutputFailed;
    case ErrorCode::Internal:
        return ExitCode::Internal;
    }
    return ExitCode::Internal;
}

/// Of a run that has ended.
constexpr ExitCode toExitCode(const train::RunStatus& run)
{
    switch (run.ending) {
    case train::Ending::Done:
        return ExitCode::Done;
    case train::Ending::Stopped:
        return ExitCode::Stopped;
    case train::Ending::StoppedForMemory:
        return ExitCode::StoppedForMemory;
    case train::Ending::RestartWanted:
        return ExitCode::RestartWanted;
    case train::Ending::Failed:
    case train::Ending::None:
        break;
    }
    return run.problem ? toExitCode(run.problem->code) : ExitCode::Internal;
}

} // namespace dubito::app
