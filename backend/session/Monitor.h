// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/base/Guarded.h"
#include "backend/base/SignalDescriptor.h"
#include "backend/base/Worker.h"
#include "backend/config/ConfigLayers.h"
#include "backend/config/ConfigWatcher.h"
#include "backend/log/LogTail.h"
#include "backend/session/RunBoards.h"
#include "backend/session/RunKit.h"
#include "backend/session/SessionApi.h"

#include <chrono>
#include <functional>
#include <optional>
#include <string>

namespace dubito::session {

/// What the monitor is told; everything outlives it.
struct MonitorParts {
    SessionApi& session; ///< it posts commands, as a user would
    RunBoards& boards;
    const SignalDescriptor* signals = nullptr; ///< nullptr: signals are somebody else's
    const log::LogTail* log = nullptr;
    Frontend frontend = Frontend::Terminal;
    std::filesystem::path configFile; ///< empty: none to watch
    /// The layers again, with this text in place of the file's.
    std::function<config::LayeredConfig(const std::string& fileText)> relayer;
};

/// The second Worker: reads signals, watches the configuration file, writes the run's sign of life, and beats for modules
/// that have no thread. A third one looks documents up, because a large corpus takes seconds and a signal must not wait
/// for it. Neither decides anything for the trainer.
///
/// SIGINT, SIGTERM and SIGHUP ask for a stop; the second one ends the process at once. SIGUSR1 asks for a clean-up.
class Monitor {
public:
    explicit Monitor(MonitorParts parts);

    /// Answered on the boards, a moment later. Any thread.
    void ask(ShowDocuments wanted);

private:
    void watch(std::stop_token stop);
    void lookOnce(std::stop_token stop);
    void onSignal(int number);
    void cleanUp();
    void onFile(const std::string& text);
    void lookUp(std::stop_token stop);
    void answer(const ShowDocuments& wanted, std::stop_token stop);
    void beat();
    void beatHeart();

    MonitorParts m_parts;
    std::optional<config::ConfigWatcher> m_watcher;
    Guarded<std::optional<ShowDocuments>> m_wanted;
    Guarded<bool> m_nothing; ///< to sleep on where there is no signal descriptor
    int m_stopSignals = 0;
    std::optional<std::chrono::nanoseconds> m_lastHeartbeat;
    Worker m_lookUps;
    Worker m_worker;
};

} // namespace dubito::session
