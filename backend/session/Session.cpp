// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/session/Session.h"

#include "backend/config/ConfigDifference.h"
#include "backend/log/Log.h"
#include "backend/session/CommandTable.h"

#include <chrono>
#include <fmt/format.h>
#include <utility>

namespace dubito::session {

namespace {

std::chrono::nanoseconds staleAfter(const config::Config& config)
{
    return std::chrono::duration_cast<std::chrono::nanoseconds>(
        std::chrono::duration<double>(config.health.staleAfterS));
}

} // namespace

Session::Session(SessionOptions options, const SessionServices& services)
    : m_options(std::move(options))
    , m_services(services)
    , m_configStore(m_options.config, m_options.sources.file)
    , m_boards(services.clock, m_configStore, staleAfter(m_options.config.config))
    , m_reader(m_boards, services.log)
{
    explainLastEnd();
    judgeMachineOnce();
    m_monitor = std::make_unique<Monitor>(MonitorParts { .session = *this,
        .boards = m_boards,
        .signals = services.signals,
        .log = services.log,
        .frontend = m_options.frontend,
        .configFile = m_options.sources.file,
        .relayer = [sources = m_options.sources](const std::string& text) mutable {
            sources.fileText = text;
            return config::layerConfig(sources);
        } });
}

Session::~Session()
{
    // The monitor posts commands, so it goes first; then the run is asked to save and end.
    m_monitor.reset();
    m_train.requestStop();
    m_train.join();
}

Result<void> Session::post(Command command)
{
    const auto state = m_boards.run.read([](const train::RunStatus& status) { return status.state; });
    if (auto fits = mayPost(command, state); !fits) {
        return fits;
    }
    if (const auto* begin = std::get_if<Start>(&command)) {
        return start(*begin);
    }
    if (const auto* wanted = std::get_if<ShowDocuments>(&command)) {
        m_monitor->ask(*wanted);
        return {};
    }
    if (const auto* apply = std::get_if<ApplyConfig>(&command)) {
        return applyConfig(*apply);
    }
    if (std::holds_alternative<Stop>(command) && state == train::RunState::Preparing) {
        m_runStop.copy().request_stop();
    }
    return m_commands.push(std::move(command));
}

void Session::explainLastEnd()
{
    const auto& output = m_options.config.config.training.output;
    auto told = output.empty() || isInUse(output) ? std::nullopt : explainEnd(output);
    if (output.empty() && !m_options.runs.empty()) {
        told = explainNewestEnd(m_options.runs);
    }
    m_boards.postMortem.update([&](std::optional<PostMortem>& shown) { shown = std::move(told); });
}

/// Before there is another thread that reads the probe.
void Session::judgeMachineOnce()
{
    if (m_options.frontend == Frontend::Window) {
        const auto& config = m_options.config.config;
        const std::filesystem::path runs = config.training.output.empty() ? m_options.runs : std::filesystem::path(config.training.output);
        m_machine = std::make_shared<const MachineReport>(judgeMachine(readMachineFacts(m_services.probe, runs), config));
    }
}

/// --resume is of the first run that came to its steps; a later one goes on only when it names a folder.
Result<Resuming> Session::takeResuming(const Start& command)
{
    if (command.resumeFolder.empty()) {
        if (m_boards.run.read([](const train::RunStatus& status) { return status.totalSteps > 0; })) {
            m_options.resuming = Resuming::No;
        }
        return m_options.resuming;
    }
    config::ConfigSources sources;
    sources.file = std::filesystem::path(command.resumeFolder) / "run.yaml";
    sources.flags.push_back({ "training.output", command.resumeFolder, "resume" });
    const auto layered = config::layerConfig(sources);
    if (!layered.problems.empty()) {
        return layered.problems.front();
    }
    if (const auto applied = m_configStore.apply(layered, config::Force::Everything); !applied) {
        return applied.error();
    }
    return Resuming::Yes;
}

Result<void> Session::start(const Start& command)
{
    if (m_isStarting.exchange(true)) {
        return Error { ErrorCode::Refused, "a run is being started already", "" };
    }
    struct Leave {
        std::atomic<bool>& isStarting;
        ~Leave() { isStarting = false; }
    };
    const Leave leave { m_isStarting };
    // Another thread may have started one since post() looked.
    const auto state = m_boards.run.read([](const train::RunStatus& status) { return status.state; });
    if (auto fits = mayPost(Start {}, state); !fits) {
        return fits;
    }
    const auto resuming = takeResuming(command);
    if (!resuming) {
        return resuming.error();
    }
    m_train.join();
    m_commands.clear();
    const std::stop_source runStop;
    m_runStop.update([&](std::stop_source& source) { source = runStop; });
    RunParts parts { .boards = m_boards,
        .commands = m_commands,
        .pool = m_pool,
        .probe = m_services.probe,
        .resuming = *resuming,
        .frontend = m_options.frontend,
        .drill = m_options.drill };
    RunJournal(m_boards).begin("");
    m_run = std::make_unique<Run>(parts);
    m_train = Worker(
        "train",
        [run = m_run.get(), runStop](std::stop_token stop) mutable {
            // Asked to end by the owner of the session, or by a Stop while there is no step boundary yet.
            const std::stop_callback link(stop, [&runStop] { runStop.request_stop(); });
            run->work(runStop.get_token());
        },
        [this](const Error& error) { Run::reportCrash(m_boards, error); });
    return {};
}

Result<void> Session::applyConfig(const ApplyConfig& command)
{
    const bool isActive = m_boards.run.read(
        [](const train::RunStatus& status) { return train::isActive(status.state); });
    const auto applied
        = m_configStore.apply(command.config, isActive ? config::Force::LiveFields : config::Force::Everything);
    if (!applied) {
        return applied.error();
    }
    log::info(Module::Config, config::toText(applied->changes));
    return isActive ? m_commands.push(command) : Result<void>();
}

Snapshot Session::snapshot() const
{
    Snapshot snapshot;
    snapshotInto(snapshot);
    return snapshot;
}

void Session::snapshotInto(Snapshot& kept) const
{
    m_reader.readInto(kept);
    kept.machine = m_machine;
}

} // namespace dubito::session
