// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/base/Clock.h"
#include "backend/base/SignalDescriptor.h"
#include "backend/base/Worker.h"
#include "backend/config/ConfigLayers.h"
#include "backend/log/LogTail.h"
#include "backend/memory/MemoryProbe.h"
#include "backend/memory/TensorPool.h"
#include "backend/session/CommandQueue.h"
#include "backend/session/Monitor.h"
#include "backend/session/Run.h"
#include "backend/session/SessionApi.h"
#include "backend/session/SnapshotReader.h"

#include <atomic>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>

namespace dubito::session {

/// How a session is set up.
struct SessionOptions {
    config::LayeredConfig config; ///< no problems
    config::ConfigSources sources; ///< what it was made of, so that a changed file can be laid in again
    Resuming resuming = Resuming::No; ///< of the first run
    Frontend frontend = Frontend::Terminal;
    std::optional<memory::Drill> drill;
    std::filesystem::path runs {}; ///< where earlier runs stand, to explain why the newest one died; empty: not looked for
};

/// What a session needs from its program; all outlive it.
struct SessionServices {
    const Clock& clock;
    memory::MemoryProbe& probe;
    const log::LogTail* log = nullptr;
    const SignalDescriptor* signals = nullptr;
};

/// Owns the backend and opens its two doors: snapshot() out, post() in.
///
/// Threads: the monitor lives as long as the session, the train Worker as long as a run. The destructor asks both to
/// stop, lets the run save, and joins.
class Session final : public SessionApi {
public:
    Session(SessionOptions options, const SessionServices& services);
    ~Session() override;

    Snapshot snapshot() const override;
    void snapshotInto(Snapshot& kept) const override;
    Result<void> post(Command command) override;

private:
    Result<void> start(const Start& command);
    Result<Resuming> takeResuming(const Start& command);
    void explainLastEnd();
    void judgeMachineOnce();
    Result<void> applyConfig(const ApplyConfig& command);

    SessionOptions m_options;
    SessionServices m_services;
    config::ConfigStore m_configStore;
    RunBoards m_boards;
    memory::TensorPool m_pool;
    CommandQueue m_commands;
    SnapshotReader m_reader;
    std::shared_ptr<const MachineReport> m_machine; ///< never changed once the session is there; null in a terminal
    /// Two threads may press Start at once: one of them wins.
    std::atomic<bool> m_isStarting = false;
    /// Of the newest run. It is there before the state says Preparing, so that no stop is lost.
    Guarded<std::stop_source> m_runStop;
    std::unique_ptr<Run> m_run;
    Worker m_train;
    std::unique_ptr<Monitor> m_monitor;
};

} // namespace dubito::session
