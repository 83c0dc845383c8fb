// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/session/RunJournal.h"
#include "backend/session/RunKit.h"

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace dubito::session {

/// Looks whether run folder, run.yaml and metrics still stand where the run writes, and makes again what somebody has
/// removed or moved away: who comes in the morning finds a run that can be resumed. Train thread only.
class FolderWatch {
public:
    enum class When : std::uint8_t { OnceASecond, Now };
    enum class Found : std::uint8_t {
        InPlace,
        MadeAgain, ///< without its checkpoints: one is to be saved, once the newest line of the metrics is written
    };

    FolderWatch(RunBoards& boards, RunJournal& journal, RunKit& kit);

    /// What was missing is told as an event. ErrorCode::Output (or Usage: something of others stands there) when it cannot
    /// be made again; nothing that is trained from here on would be kept.
    Result<Found> look(When when);

private:
    Result<void> makeFolder();
    void tell(const std::string& what);

    RunBoards& m_boards;
    RunJournal& m_journal;
    RunKit& m_kit;
    std::optional<std::chrono::nanoseconds> m_lastLook;
};

} // namespace dubito::session
