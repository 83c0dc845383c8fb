// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/session/CommandTable.h"

#include <array>
#include <string_view>
#include <variant>

namespace dubito::session {

namespace {

using train::RunState;

constexpr unsigned bit(RunState state) { return 1U << static_cast<unsigned>(state); }

constexpr unsigned kRestStates = bit(RunState::Idle) | bit(RunState::Finished) | bit(RunState::Failed);
constexpr unsigned kStepping = bit(RunState::Running) | bit(RunState::Paused);
constexpr unsigned kAlive = kStepping | bit(RunState::Reloading);
constexpr unsigned kAny = ~0U;

struct Row {
    std::string_view word;
    unsigned states;
    std::string_view otherwise;
};

/// One row per alternative of Command, in its order.
constexpr std::array<Row, std::variant_size_v<Command>> kRows { {
    { "start", kRestStates, "a run is going on already" },
    { "pause", bit(RunState::Running) | bit(RunState::Reloading), "only a running run can be paused" },
    { "resume", bit(RunState::Paused), "only a paused run can go on" },
    { "stop", kAlive | bit(RunState::Preparing), "there is no run to stop" },
    { "checkpoint", kStepping, "only a running or paused run can be saved" },
    { "reload", kStepping, "only a running or paused run can be reloaded" },
    { "apply", kAny, "" },
    { "start drill", kAlive, "a leak drill needs a run" },
    { "stop drill", kAlive, "there is no run, and so no drill" },
    { "clean-up", kAlive, "there is no run, and so nothing to clean up" },
    { "documents", kAny, "" },
    { "report", kAlive, "there is no run, and so no memory to report" },
} };

} // namespace

Result<void> mayPost(const Command& command, RunState state)
{
    const Row& row = kRows[command.index()];
    if ((row.states & bit(state)) != 0) {
        return {};
    }
    return Error { ErrorCode::Refused, std::string(row.otherwise), std::string(train::toWord(state)) };
}

} // namespace dubito::session
