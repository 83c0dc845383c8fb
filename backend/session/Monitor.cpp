// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/session/Monitor.h"

#include "backend/config/ConfigDifference.h"
#include "backend/log/Log.h"
#include "backend/memory/HeapSettings.h"
#include "backend/session/DocumentSearch.h"

#include <chrono>
#include <csignal>
#include <fmt/format.h>
#include <unistd.h>
#include <utility>

namespace dubito::session {

namespace {

constexpr std::chrono::milliseconds kLook(500);

} // namespace

Monitor::Monitor(MonitorParts parts) : m_parts(std::move(parts))
{
    if (!m_parts.configFile.empty()) {
        m_watcher.emplace(m_parts.configFile);
    }
    const auto onFailure = [this](const Error& error) {
        m_parts.boards.health.fail(Module::Session, error.message);
        log::error(Module::Session, toText(error));
    };
    m_lookUps = Worker("look-ups", [this](std::stop_token stop) { lookUp(stop); }, onFailure);
    m_worker = Worker(
        "monitor", [this](std::stop_token stop) { watch(stop); }, onFailure);
}

void Monitor::ask(ShowDocuments wanted)
{
    m_wanted.update([&](std::optional<ShowDocuments>& waiting) { waiting = std::move(wanted); });
}

void Monitor::watch(std::stop_token stop)
{
    while (!stop.stop_requested()) {
        lookOnce(stop);
    }
}

void Monitor::lookOnce(std::stop_token stop)
{
    if (m_parts.signals != nullptr) {
        if (const auto number = m_parts.signals->wait(kLook)) {
            onSignal(*number);
        }
    } else {
        m_nothing.waitFor(stop, kLook, [](bool) { return false; });
    }
    if (m_watcher) {
        if (const auto text = m_watcher->poll()) {
            onFile(*text);
        }
    }
    beat();
    beatHeart();
}

void Monitor::beatHeart()
{
    auto& boards = m_parts.boards;
    const auto now = boards.clock.now();
    const auto between = std::chrono::duration_cast<std::chrono::nanoseconds>(
        std::chrono::duration<double>(boards.configStore.inForce()->health.heartbeatS));
    if (boards.heartbeat.isBeating() && (!m_lastHeartbeat || now - *m_lastHeartbeat >= between)) {
        m_lastHeartbeat = now;
        boards.heartbeat.beat(vitalsOf(boards));
    }
}

void Monitor::onSignal(int number)
{
    if (number == SIGUSR1) {
        cleanUp();
        return;
    }
    ++m_stopSignals;
    m_parts.boards.heartbeat.noteSignal(number);
    if (m_stopSignals > 1) {
        log::warn(Module::Session, "a second signal: ends at once; the newest checkpoint is the last one written");
        ::_exit(128 + number);
    }
    log::info(Module::Session, fmt::format("signal {}: saves and stops; once more ends at once", number));
    if (const auto posted = m_parts.session.post(Stop { Cause::Signal }); !posted) {
        log::info(Module::Session, toText(posted.error()));
    }
}

void Monitor::cleanUp()
{
    if (m_parts.boards.configStore.inForce()->memory.emergencyHandler == config::Switch::Off) {
        log::info(Module::Memory, "SIGUSR1 does nothing, because memory.emergency_handler is off");
        return;
    }
    if (const auto posted = m_parts.session.post(CleanUp { Cause::Signal }); !posted) {
        memory::trimHeap();
        log::info(Module::Memory, "trimmed the heap; " + toText(posted.error()));
    }
}

void Monitor::onFile(const std::string& text)
{
    auto& store = m_parts.boards.configStore;
    auto layered = m_parts.relayer(text);
    if (m_parts.frontend == Frontend::Window) {
        // What the window has just saved says what it knows already.
        const auto known = store.status().nextStart;
        if (!layered.problems.empty() || !config::differences(*known, layered.config).empty()) {
            store.noteChangedOutside();
        }
        return;
    }
    if (!layered.problems.empty()) {
        log::warn(Module::Config, "the changed file is not taken: " + toText(layered.problems.front()));
        store.refuse(std::move(layered.problems));
        return;
    }
    const auto posted
        = m_parts.session.post(ApplyConfig { std::make_shared<const config::Config>(layered.config), Cause::File });
    if (!posted) {
        log::warn(Module::Config, "the changed file is not taken: " + toText(posted.error()));
    }
}

void Monitor::lookUp(std::stop_token stop)
{
    while (m_wanted.waitFor(stop, std::chrono::hours(1), [](const auto& waiting) { return waiting.has_value(); })
        || !stop.stop_requested()) {
        if (const auto wanted = m_wanted.update([](auto& waiting) { return std::exchange(waiting, std::nullopt); })) {
            answer(*wanted, stop);
        }
    }
}

void Monitor::answer(const ShowDocuments& wanted, std::stop_token stop)
{
    const auto config = m_parts.boards.configStore.inForce();
    auto page = findDocuments(*config, wanted, m_parts.boards.weightScale.copy(), stop);
    if (!page) {
        log::warn(Module::Provenance, toText(page.error()));
        return;
    }
    m_parts.boards.documents.update([&](DocumentPage& shown) { shown = std::move(*page); });
}

void Monitor::beat()
{
    auto& health = m_parts.boards.health;
    const auto config = m_parts.boards.configStore.status();
    if (!config.refused.empty()) {
        health.degrade(Module::Config, config.refused.front().message);
    } else {
        health.beat(Module::Config, fmt::format("revision {}, no problem", config.revision));
    }
    if (m_parts.log != nullptr) {
        const auto lines = m_parts.log->newestId();
        health.beat(Module::Log, fmt::format("{} lines", lines));
    }
    health.beat(Module::Health, "13 rows");
    const bool isActive = m_parts.boards.run.read(
        [](const train::RunStatus& status) { return train::isActive(status.state); });
    if (!isActive) {
        health.beat(Module::Session, "waits for a start");
    }
}

} // namespace dubito::session
