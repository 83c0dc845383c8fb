// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/base/SignalDescriptor.h"
#include "backend/session/Monitor.h"
#include "tests/support/DeafSession.h"
#include "tests/support/ManualClock.h"
#include "tests/support/RunStage.h"

#include <chrono>
#include <csignal>
#include <filesystem>
#include <gtest/gtest.h>
#include <optional>
#include <sstream>
#include <string>
#include <thread>
#include <unistd.h>
#include <vector>

namespace dubito::session {

/// What a run that was told a new configuration after its first step leaves behind.
struct Seen {
    /// `start`: assignments that the run begins with.
    explicit Seen(const std::string& start)
    {
        std::istringstream words(start);
        for (std::string word; words >> word;) {
            small.set(word.substr(0, word.find('=')), word.substr(word.find('=') + 1));
        }
        made.emplace(small, clock);
    }

    SmallRun small;
    ManualClock clock;
    std::optional<RunStage> made;
    std::string noted; ///< by what was prepared, while it ran

    RunStage& stage() { return *made; }
    std::size_t count(EventKind kind) const
    {
        const auto events = small.events();
        return static_cast<std::size_t>(std::ranges::count(events, kind, &Event::kind));
    }
    memory::MemoryStatus memory() const { return made->boards.memory.copy(); }
    std::string health(Module module) const { return std::to_string(static_cast<int>(made->boards.health.rows()[toIndex(module)].state)); }
    std::size_t reports() const
    {
        const std::filesystem::directory_iterator kept(small.output() / "reports");
        return static_cast<std::size_t>(std::distance(begin(kept), end(kept)));
    }
    std::size_t checkpoints() const
    {
        std::size_t found = 0;
        for (const auto& entry : std::filesystem::directory_iterator(small.output())) {
            found += entry.is_directory() && !entry.is_symlink()
                    && entry.path().filename().string().starts_with("checkpoint-")
                ? 1
                : 0;
        }
        return found;
    }
};

/// A monitor that looks whenever it is sent SIGUSR1, at a time that stands still.
class MonitorStage {
public:
    explicit MonitorStage(const config::Config& config) : m_signals(SignalDescriptor::create())
    {
        EXPECT_TRUE(m_signals);
        while (m_signals->wait(std::chrono::milliseconds(0))) {
            // left over from a test before, or sent by whoever wants these tests to end: here it would be a command more
        }
        EXPECT_TRUE(m_stage.store.apply(std::make_shared<const config::Config>(config), config::Force::LiveFields));
        EXPECT_TRUE(m_stage.boards.heartbeat.open(m_small.folder.path()));
        m_monitor.emplace(MonitorParts { .session = m_session,
            .boards = m_stage.boards,
            .signals = &m_signals.value(),
            .log = nullptr,
            .frontend = Frontend::Terminal,
            .configFile = {},
            .relayer = {} });
    }

    /// Sends the signal and waits for its answer, a command or a line of the log.
    void signal()
    {
        const std::size_t before = answers();
        EXPECT_EQ(::kill(::getpid(), SIGUSR1), 0);
        const auto giveUp = std::chrono::steady_clock::now() + std::chrono::seconds(40);
        while (answers() == before && std::chrono::steady_clock::now() < giveUp) {
            std::this_thread::yield();
        }
        EXPECT_GT(answers(), before);
    }

    std::size_t posted() const { return m_session.posted.copy().size(); }

    /// When the newest heartbeat was written, once the look of the last signal but one is over.
    auto lastHeartbeat() const { return readHeartbeat(m_small.folder.path()).value().wall; }

    ManualClock clock;

private:
    std::size_t answers() const
    {
        const auto lines = m_small.quiet.tail().newest(100);
        return posted() + static_cast<std::size_t>(std::ranges::count_if(lines, [](const log::LogLine& line) {
            return line.text.find("SIGUSR1 does nothing") != std::string::npos;
        }));
    }

    SmallRun m_small;
    RunStage m_stage { m_small, clock };
    DeafSession m_session;
    Result<SignalDescriptor> m_signals;
    std::optional<Monitor> m_monitor;
};

} // namespace dubito::session
