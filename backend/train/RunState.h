// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/base/Error.h"

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dubito::train {

/// Where a run stands. Who may follow whom is the table of mayFollow().
enum class RunState : std::uint8_t { Idle, Preparing, Running, Paused, Reloading, Stopping, Finished, Failed };

inline constexpr std::size_t kRunStateCount = 8;

inline constexpr std::array<std::string_view, kRunStateCount> kRunStateWords { "idle", "preparing", "running", "paused",
    "reloading", "stopping", "finished", "failed" };

constexpr std::string_view toWord(RunState state) { return kRunStateWords[static_cast<std::size_t>(state)]; }

/// The transition table: one row per state, one bit per state that may follow it.
constexpr bool mayFollow(RunState from, RunState to)
{
    constexpr auto bit = [](RunState state) { return 1U << static_cast<unsigned>(state); };
    constexpr std::array<unsigned, kRunStateCount> kNext {
        bit(RunState::Preparing), // Idle
        bit(RunState::Running) | bit(RunState::Paused) | bit(RunState::Stopping) | bit(RunState::Finished)
            | bit(RunState::Failed), // Preparing
        bit(RunState::Paused) | bit(RunState::Reloading) | bit(RunState::Stopping) | bit(RunState::Finished)
            | bit(RunState::Failed), // Running
        bit(RunState::Running) | bit(RunState::Reloading) | bit(RunState::Stopping) | bit(RunState::Failed), // Paused
        bit(RunState::Running) | bit(RunState::Paused) | bit(RunState::Stopping) | bit(RunState::Failed), // Reloading
        bit(RunState::Finished) | bit(RunState::Failed), // Stopping
        bit(RunState::Preparing), // Finished
        bit(RunState::Preparing), // Failed
    };
    return (kNext[static_cast<std::size_t>(from)] & bit(to)) != 0;
}

/// True while a thread of ours works for the run.
constexpr bool isActive(RunState state)
{
    return state != RunState::Idle && state != RunState::Finished && state != RunState::Failed;
}

/// How a run came to its end; None until then.
enum class Ending : std::uint8_t {
    None,
    Done, ///< all steps
    Stopped, ///< on request; resumable
    StoppedForMemory, ///< saved and ended, because nothing else helped
    RestartWanted, ///< saved; a fresh process must go on, because memory was retained
    Failed, ///< see RunStatus::problem
};

/// The run as one sees it from outside.
struct RunStatus {
    RunState state = RunState::Idle;
    std::string activity; ///< what it is doing now, in words: "reads the corpus", "writes checkpoint-500"
    double preparedShare = 0; ///< 0 to 1 while Preparing
    std::int64_t step = 0; ///< completed optimizer steps
    std::int64_t totalSteps = 0;
    std::int64_t tokensSeen = 0; ///< real targets
    double tokensPerSecond = 0;
    std::chrono::milliseconds elapsed { 0 };
    std::chrono::milliseconds remaining { -1 }; ///< negative: not known yet
    std::string runName;
    std::string runFolder;
    std::string modelName; ///< "tiny, 3.5 M parameters"
    std::int64_t lastCheckpointStep = -1; ///< negative: none yet
    std::string lastCheckpoint; ///< path; empty: none yet
    Ending ending = Ending::None;
    std::optional<Error> problem; ///< why it Failed, or why it is Paused
    std::vector<std::string> notes; ///< what the user should hear before the first step, in order
    std::string note; ///< one of them that is worth keeping in view: "the additive term has no gradient"; may be empty

    friend bool operator==(const RunStatus&, const RunStatus&) = default;
};

} // namespace dubito::train
