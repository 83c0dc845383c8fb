// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/session/Monitor.h"

#include "tests/support/DeafSession.h"
#include "tests/support/SmallRun.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <thread>

namespace dubito::session {
namespace {

class MonitorTest : public testing::Test {
protected:
    template <typename Holds>
    bool until(Holds holds)
    {
        const auto giveUp = std::chrono::steady_clock::now() + std::chrono::seconds(40);
        while (!holds() && std::chrono::steady_clock::now() < giveUp) {
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
        }
        return holds();
    }

    MonitorParts parts(Frontend frontend, const std::filesystem::path& file)
    {
        return { .session = m_session,
            .boards = m_boards,
            .signals = nullptr,
            .log = nullptr,
            .frontend = frontend,
            .configFile = file,
            .relayer = [file](const std::string& text) {
                config::ConfigSources sources;
                sources.file = file;
                sources.fileText = text;
                return config::layerConfig(sources);
            } };
    }

    health::ModuleHealth healthOf(Module module) const { return m_boards.health.rows()[toIndex(module)]; }

    SmallRun m_small;
    SystemClock m_clock;
    config::ConfigStore m_store { m_small.layered() };
    RunBoards m_boards { m_clock, m_store, std::chrono::seconds(60) };
    DeafSession m_session;
};

TEST_F(MonitorTest, BeatsForTheModulesThatHaveNoThread)
{
    const Monitor monitor(parts(Frontend::Window, ""));
    EXPECT_TRUE(until([&] { return healthOf(Module::Config).state == health::HealthState::Healthy; }));
    EXPECT_TRUE(until([&] { return healthOf(Module::Session).reason == "waits for a start"; }));
}

TEST_F(MonitorTest, AnswersWithAPageOfDocuments)
{
    Monitor monitor(parts(Frontend::Window, ""));
    monitor.ask({ .filter = "patent" });
    EXPECT_TRUE(until([&] { return m_boards.documents.copy().matching == 6; }));
}

TEST_F(MonitorTest, AChangedFileIsOfferedInTheWindow)
{
    const auto file = m_small.folder.write("my.yaml", "training:\n  steps: 5\n");
    const Monitor monitor(parts(Frontend::Window, file));
    m_small.folder.write("my.yaml", "training:\n  steps: 500\n");
    EXPECT_TRUE(until([&] { return m_store.status().changedOutside; }));
    EXPECT_TRUE(m_session.posted.copy().empty());
}

TEST_F(MonitorTest, WhatTheWindowSavedItselfIsNoNews)
{
    const auto file = m_small.folder.write("my.yaml", "training:\n  steps: 5\n");
    auto told = parts(Frontend::Window, file);
    std::atomic<int> readings = 0;
    told.relayer = [this, &readings](const std::string&) {
        ++readings;
        return m_small.layered(); // as the store has it
    };
    const Monitor monitor(told);
    m_small.folder.write("my.yaml", "training:\n  steps: 6\n");
    ASSERT_TRUE(until([&] { return readings > 0; }));
    m_small.folder.write("my.yaml", "training:\n  steps: 7\n");
    ASSERT_TRUE(until([&] { return readings > 1; }));
    EXPECT_FALSE(m_store.status().changedOutside);
}

TEST_F(MonitorTest, ARunWithAFolderBeats)
{
    ASSERT_TRUE(m_boards.heartbeat.open(m_small.folder.path()));
    const Monitor monitor(parts(Frontend::Terminal, ""));
    EXPECT_TRUE(until([&] { return readHeartbeat(m_small.folder.path()).hasValue(); }));
}

TEST_F(MonitorTest, AChangedFileIsAppliedInATerminalAndABadOneIsRefused)
{
    const auto file = m_small.folder.write("my.yaml", "training:\n  steps: 5\n");
    const Monitor monitor(parts(Frontend::Terminal, file));
    m_small.folder.write("my.yaml", "training:\n  reload_interval_steps: 77\n");
    ASSERT_TRUE(until([&] { return !m_session.posted.copy().empty(); }));
    const auto posted = m_session.posted.copy();
    const auto* apply = std::get_if<ApplyConfig>(&posted.front());
    ASSERT_NE(apply, nullptr);
    EXPECT_EQ(apply->config->training.reloadIntervalSteps, 77);
    EXPECT_EQ(apply->cause, Cause::File);

    m_small.folder.write("my.yaml", "training:\n  stepz: 5\n");
    EXPECT_TRUE(until([&] { return healthOf(Module::Config).state == health::HealthState::Degraded; }));
    EXPECT_EQ(m_session.posted.copy().size(), 1U);
}

TEST_F(MonitorTest, EndsAtOnceWhenItIsNoLongerWanted)
{
    for (int i = 0; i < 20; ++i) {
        Monitor monitor(parts(Frontend::Window, ""));
        monitor.ask({ .filter = "" });
    }
}

} // namespace
} // namespace dubito::session
