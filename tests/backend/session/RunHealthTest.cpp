// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/session/RunHealth.h"

#include "tests/support/ManualClock.h"
#include "tests/support/RunStage.h"

#include <gtest/gtest.h>

namespace dubito::session {
namespace {

class RunHealthTest : public testing::Test {
protected:
    health::ModuleHealth rowOf(Module module) { return m_stage.boards.health.rows()[toIndex(module)]; }

    /// A run with its corpus read and its model built, and so many steps done.
    std::unique_ptr<RunKit> prepared(int steps)
    {
        m_journal.begin("");
        auto kit = assembleRun(m_parts, m_journal, {});
        EXPECT_TRUE(kit) << (kit ? "" : toText(kit.error()));
        for (int done = 0; done < steps;) {
            const auto progress = (*kit)->trainer->advance();
            EXPECT_TRUE(progress);
            done += *progress == train::Trainer::Progress::Step ? 1 : 0;
        }
        return std::move(*kit);
    }

    SmallRun m_small;
    RunStage m_stage { m_small };
    RunJournal m_journal { m_stage.boards };
    RunParts m_parts { .boards = m_stage.boards, .commands = m_stage.commands, .pool = m_stage.pool, .probe = m_stage.probe, .drill = {} };
};

TEST_F(RunHealthTest, APreparedRunSaysWhatItHasReadAndWhoHasNothingToDoAnyMore)
{
    tellPrepared(m_stage.boards, *prepared(0));
    EXPECT_EQ(rowOf(Module::Data).state, health::HealthState::Healthy);
    EXPECT_NE(rowOf(Module::Data).reason.find("documents in 1 file"), std::string::npos) << rowOf(Module::Data).reason;
    EXPECT_EQ(rowOf(Module::Tokenizer).state, health::HealthState::Idle);
    EXPECT_EQ(rowOf(Module::Provenance).state, health::HealthState::Idle);
}

TEST_F(RunHealthTest, ACorpusWithManyBadLinesIsNotWell)
{
    m_small.folder.write("train.jsonl", SmallRun::corpus(20) + "no JSON\nnor this\n");
    tellPrepared(m_stage.boards, *prepared(0));
    EXPECT_EQ(rowOf(Module::Data).state, health::HealthState::Degraded);
    EXPECT_NE(rowOf(Module::Data).reason.find("2 lines refused"), std::string::npos) << rowOf(Module::Data).reason;
}

TEST_F(RunHealthTest, AfterAStepTheModulesOfTheRunBeatAndAfterTheRunTheyAreIdle)
{
    beatAfterStep(m_stage.boards, *prepared(1), 1);
    EXPECT_EQ(rowOf(Module::Train).reason, "step 1");
    EXPECT_EQ(rowOf(Module::Session).reason, "1 command waiting");
    for (const Module module : { Module::Train, Module::Model, Module::Distrust, Module::Metrics, Module::Session }) {
        EXPECT_EQ(rowOf(module).state, health::HealthState::Healthy) << toWord(module);
    }
    idleAfterRun(m_stage.boards);
    for (const Module module : { Module::Data, Module::Distrust, Module::Model, Module::Metrics }) {
        EXPECT_EQ(rowOf(module).state, health::HealthState::Idle) << toWord(module);
    }
}

TEST_F(RunHealthTest, APauseIsNoSilence)
{
    ManualClock clock;
    RunStage stage(m_small, clock);
    const auto stateOf = [&](Module module) { return stage.boards.health.rows()[toIndex(module)].state; };
    for (const Module module : { Module::Train, Module::Data }) {
        stage.boards.health.beat(module, "at work");
    }
    clock.advance(std::chrono::seconds(59));
    beatWhilePaused(stage.boards);
    clock.advance(std::chrono::seconds(59));
    EXPECT_EQ(stateOf(Module::Train), health::HealthState::Healthy);
    EXPECT_EQ(stateOf(Module::Data), health::HealthState::Healthy);
    clock.advance(std::chrono::seconds(59));
    EXPECT_EQ(stateOf(Module::Train), health::HealthState::Silent) << "nothing has beaten for two minutes";
}

} // namespace
} // namespace dubito::session
