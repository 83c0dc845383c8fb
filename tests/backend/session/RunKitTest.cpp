// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/session/RunKit.h"

#include "tests/support/RunStage.h"

#include <gtest/gtest.h>

#include <fstream>

namespace dubito::session {
namespace {

class RunKitTest : public testing::Test {
protected:
    Result<std::unique_ptr<RunKit>> assembled(RunStage& stage, RunJournal& journal, Resuming resuming = Resuming::No)
    {
        return assembleRun({ .boards = stage.boards,
                               .commands = stage.commands,
                               .pool = stage.pool,
                               .probe = stage.probe,
                               .resuming = resuming,
                               .frontend = Frontend::Terminal,
                               .drill = std::nullopt },
            journal, stage.stop.get_token());
    }

    /// Changes one byte in the middle of a file.
    void damage(const std::string& name) const
    {
        std::fstream file(m_small.output() / name, std::ios::in | std::ios::out | std::ios::binary);
        ASSERT_TRUE(file);
        file.seekp(5000);
        file.put('!');
    }

    SmallRun m_small;
};

TEST_F(RunKitTest, AKitHoldsEverythingARunWorksWith)
{
    RunStage stage(m_small);
    RunJournal journal(stage.boards);
    const auto kit = assembled(stage, journal);
    ASSERT_TRUE(kit) << toText(kit.error());
    EXPECT_EQ((*kit)->trainer->progress().step, 0);
    EXPECT_EQ((*kit)->prepared->documents.size(), 24);
    EXPECT_EQ((*kit)->keeper->lastStep(), -1);
    EXPECT_EQ((*kit)->baselineLoaded, 300 * kMiB);
    EXPECT_EQ(stage.boards.run.copy().totalSteps, 12);
    EXPECT_NE(stage.boards.weightScale.copy(), data::WeightScale {});
}

TEST_F(RunKitTest, TheEffectiveConfigurationIsWrittenAndReadsBackTheSame)
{
    RunStage stage(m_small);
    RunJournal journal(stage.boards);
    ASSERT_TRUE(assembled(stage, journal));
    config::ConfigSources sources;
    sources.file = m_small.output() / "run.yaml";
    const auto layered = config::layerConfig(sources);
    EXPECT_TRUE(layered.problems.empty());
    EXPECT_EQ(layered.config.training.seqLen, 24);
    EXPECT_EQ(layered.config.training.learningRate, 0.01);
    EXPECT_EQ(layered.config.data.path, m_small.config().data.path);
}

TEST_F(RunKitTest, AStopEndsTheAssemblyAndNothingIsHeld)
{
    RunStage stage(m_small);
    stage.stop.request_stop();
    RunJournal journal(stage.boards);
    const auto kit = assembled(stage, journal);
    ASSERT_FALSE(kit);
    EXPECT_EQ(kit.error().code, ErrorCode::Refused);
    EXPECT_EQ(stage.pool.active(), 0);
}

TEST_F(RunKitTest, ACheckpointThatSaysItStandsOutsideTheCorpusIsRefusedWithASentence)
{
    RunStage stage(m_small);
    RunJournal journal(stage.boards);
    auto kit = assembled(stage, journal);
    ASSERT_TRUE(kit) << toText(kit.error());
    const auto craft = [&](auto change) {
        train::TrainStateView state = (*kit)->trainer->state();
        change(state.progress);
        const auto written = (*kit)->keeper->saveAndWait(state, SaveCause::User);
        EXPECT_TRUE(written);
        return restoreTrainer(*(*kit)->trainer, *written, *(*kit)->prepared);
    };
    EXPECT_TRUE(craft([](train::TrainProgress&) {}));
    const auto outside = craft([](train::TrainProgress& progress) { progress.position = 25; });
    ASSERT_FALSE(outside);
    EXPECT_EQ(outside.error().code, ErrorCode::Data);
    EXPECT_NE(outside.error().message.find("document 25 of 24"), std::string::npos) << outside.error().message;
    EXPECT_FALSE(craft([](train::TrainProgress& progress) { progress.epoch = 4'000'000'000'000'000; }));
    EXPECT_FALSE(craft([](train::TrainProgress& progress) { progress.batchSize = 0; }));
    EXPECT_FALSE(craft([](train::TrainProgress& progress) { progress.batchSize = 5'000'000'000; }));
    EXPECT_FALSE(craft([](train::TrainProgress& progress) { progress.accumulate = 9'000'000'000'000; }));
}

TEST_F(RunKitTest, WhatAKillLeftHalfWrittenIsRemoved)
{
    m_small.folder.write("run/checkpoint-7.partial-123/model.safetensors", "half");
    RunStage stage(m_small);
    RunJournal journal(stage.boards);
    ASSERT_TRUE(assembled(stage, journal, Resuming::Yes));
    EXPECT_FALSE(std::filesystem::exists(m_small.output() / "checkpoint-7.partial-123"));
}

TEST_F(RunKitTest, ADamagedCheckpointIsNamedAndTheOneBeforeIsGoneOnWith)
{
    m_small.set("training.checkpoint_interval", "4").set("training.evaluation_interval", "0");
    RunStage(m_small).work();
    const auto expected = m_small.curve();
    damage("checkpoint-12/model.safetensors");
    {
        RunStage stage(m_small);
        RunJournal journal(stage.boards);
        const auto kit = assembled(stage, journal, Resuming::Yes);
        ASSERT_TRUE(kit) << toText(kit.error());
        EXPECT_EQ((*kit)->trainer->progress().step, 8);
        EXPECT_EQ((*kit)->keeper->lastStep(), 8);
        const auto events = stage.boards.events.newest();
        EXPECT_TRUE(std::ranges::any_of(events, [](const Event& event) {
            return event.cause == "damaged" && event.text.find("checkpoint-12") != std::string::npos;
        }));
        EXPECT_EQ(m_small.curve().size(), 8U);
    }
    EXPECT_EQ(RunStage(m_small).work(Resuming::Yes).ending, train::Ending::Done);
    EXPECT_EQ(m_small.curve(), expected);
}

TEST_F(RunKitTest, ABudgetThatTheModelDoesNotFitIsRefusedInWords)
{
    m_small.set("memory.budget_gb", "0.0001");
    RunStage stage(m_small);
    RunJournal journal(stage.boards);
    const auto kit = assembled(stage, journal);
    ASSERT_FALSE(kit);
    EXPECT_EQ(kit.error().code, ErrorCode::Memory);
    EXPECT_NE(kit.error().message.find("memory.budget_gb"), std::string::npos);
    EXPECT_EQ(stage.pool.active(), 0);
}

} // namespace
} // namespace dubito::session
