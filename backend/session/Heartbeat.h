// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/base/Error.h"
#include "backend/base/Guarded.h"
#include "backend/memory/MemoryStatus.h"
#include "backend/memory/OomKills.h"
#include "backend/train/RunState.h"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace dubito::session {

/// A sign of life of a run: what is known of it at this moment, and, after its end, how it ended. Bytes.
struct Vitals {
    std::int64_t process = 0; ///< its number
    std::string boot; ///< identity of the machine's start
    std::chrono::system_clock::time_point wall;
    std::string state; ///< word of train::RunState
    std::string activity;
    std::int64_t step = 0;
    std::int64_t totalSteps = 0;
    std::int64_t savedStep = -1;
    std::int64_t resident = -1;
    std::int64_t available = -1;
    std::int64_t limit = -1;
    memory::Level level = memory::Level::Normal;
    memory::Pressure pressure = memory::Pressure::None;
    std::string leak; ///< the alarm that holds, in words; empty: none
    memory::OomKills oomKills;
    std::int64_t stopSignals = 0; ///< how many signals asked for an end
    std::int64_t lastSignal = 0; ///< the newest of them; 0: none
    std::int64_t crashSignal = 0; ///< written by the crash note itself
    train::Ending ending = train::Ending::None; ///< None while it lives
    std::string problem; ///< of an end that was no success
};

/// heartbeat.json of a run folder, from which PostMortem explains an end that nobody could announce.
///
/// Always 4 KiB and written in place by one system call: a full disk does not stop it, a kill does not tear it, and it
/// costs microseconds. It is not synced: it is there for the death of a process, and that of a machine shows in `boot`.
/// Any thread. The lock is held while a page is written; nothing waits for it but the end of a run.
class Heartbeat {
public:
    Heartbeat() = default;
    ~Heartbeat();

    /// Begins to beat in this folder. ErrorCode::Output when the file cannot be made.
    Result<void> open(const std::filesystem::path& runFolder);

    bool isBeating() const;

    /// Nothing happens before open() and after the last beat: one whose vitals say how the run ended.
    void beat(Vitals vitals);

    /// A signal asked for an end: stands in every beat from now on, the first of them written here.
    void noteSignal(int number);

private:
    struct State {
        int descriptor = -1;
        Vitals last;
    };

    Guarded<State> m_state;
};

/// "heartbeat.json"
std::filesystem::path heartbeatFile(const std::filesystem::path& runFolder);

/// The folders below `runs` that have a sign of life, the newest first; none where nothing can be read.
std::vector<std::filesystem::path> newestRuns(const std::filesystem::path& runs);

/// ErrorCode::NotFound when there is none, ErrorCode::Data when it makes no sense.
Result<Vitals> readHeartbeat(const std::filesystem::path& runFolder);

/// Identity of the machine's present start; empty when it does not tell.
std::string bootIdentity(const std::filesystem::path& root = "/");

} // namespace dubito::session
