// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/session/CheckpointKeeper.h"

#include "tests/support/CheckpointSample.h"
#include "tests/support/FakeTensorMemory.h"
#include "tests/support/RunStage.h"

#include <gtest/gtest.h>

namespace dubito::session {
namespace {

class CheckpointKeeperTest : public testing::Test {
protected:
    CheckpointKeeperTest() { m_training.checkpointInterval = 4; }

    std::unique_ptr<CheckpointKeeper> keeper()
    {
        return std::make_unique<CheckpointKeeper>(
            CheckpointKeeper::Parts { .boards = m_stage.boards,
                .memory = m_memory,
                .runFolder = m_folder.path(),
                .companions = train::CheckpointSample(1).companions,
                .syncMetrics = [this] {
                    ++m_syncs;
                    return m_sync;
                },
                .runTime = [] { return std::chrono::milliseconds(7); } },
            m_training);
    }

    bool exists(const std::string& name) const { return std::filesystem::exists(m_folder.path() / name); }

    SmallRun m_small;
    RunStage m_stage { m_small };
    TemporaryFolder m_folder;
    FakeTensorMemory m_memory;
    config::Training m_training;
    std::atomic<int> m_syncs = 0;
    Result<void> m_sync;
};

TEST_F(CheckpointKeeperTest, SavesAtItsIntervalAndTellsWhatBecameOfIt)
{
    auto keeping = keeper();
    for (std::int64_t step = 1; step <= 8; ++step) {
        const train::CheckpointSample sample(step);
        keeping->afterStep(sample.view());
    }
    const train::CheckpointSample last(9);
    ASSERT_TRUE(keeping->saveAndWait(last.view(), SaveCause::Final));
    EXPECT_TRUE(exists("checkpoint-4"));
    EXPECT_TRUE(exists("checkpoint-8"));
    EXPECT_TRUE(exists("checkpoint-9"));
    EXPECT_TRUE(exists("final"));
    EXPECT_FALSE(exists("checkpoint-5"));
    EXPECT_EQ(keeping->lastStep(), 9);
    EXPECT_EQ(m_stage.boards.run.copy().lastCheckpointStep, 9);
    EXPECT_EQ(m_syncs, 3) << "the metrics are on the disk before a checkpoint has its name";
    const auto events = m_stage.boards.events.newest();
    ASSERT_EQ(events.size(), 3U);
    EXPECT_EQ(events[0].cause, "interval");
    EXPECT_EQ(events[0].step, 4);
    EXPECT_EQ(events[2].cause, "final");
}

TEST_F(CheckpointKeeperTest, TheBestIsSavedAndLinked)
{
    auto keeping = keeper();
    train::CheckpointSample sample(3);
    sample.progress.bestStep = 3;
    keeping->afterStep(sample.view());
    ASSERT_TRUE(keeping->saveAndWait(train::CheckpointSample(5).view(), SaveCause::Stop));
    EXPECT_TRUE(exists("checkpoint-3"));
    EXPECT_TRUE(exists("checkpoint-best/model.safetensors"));
    EXPECT_EQ(std::filesystem::read_symlink(m_folder.path() / "checkpoint-best").filename(), "checkpoint-3");
}

TEST_F(CheckpointKeeperTest, SwitchedOffItWritesNothing)
{
    m_training.checkpointing = config::Switch::Off;
    auto keeping = keeper();
    EXPECT_FALSE(keeping->isOn());
    keeping->afterStep(train::CheckpointSample(4).view());
    keeping->save(train::CheckpointSample(4).view(), SaveCause::User);
    keeping.reset();
    EXPECT_TRUE(m_folder.names().empty());
}

TEST_F(CheckpointKeeperTest, ACopyThatDoesNotFitIsWrittenByTheTrainThread)
{
    auto keeping = keeper();
    m_memory.setLimit(0);
    keeping->afterStep(train::CheckpointSample(4).view());
    EXPECT_TRUE(exists("checkpoint-4"));
    EXPECT_EQ(keeping->lastStep(), 4);
}

TEST_F(CheckpointKeeperTest, ASaveThatFailsIsAnEventAndOlderOnesStay)
{
    auto keeping = keeper();
    ASSERT_TRUE(keeping->saveAndWait(train::CheckpointSample(4).view(), SaveCause::Interval));
    m_sync = Error { ErrorCode::Output, "no space left on device", "metrics.jsonl" };
    EXPECT_FALSE(keeping->saveAndWait(train::CheckpointSample(8).view(), SaveCause::Interval));
    EXPECT_TRUE(exists("checkpoint-4"));
    EXPECT_FALSE(exists("checkpoint-8"));
    EXPECT_EQ(keeping->lastStep(), 4);
    EXPECT_TRUE(keeping->isFailing());
    const auto event = m_stage.boards.events.newest().back();
    EXPECT_EQ(event.kind, EventKind::Alert);
    EXPECT_NE(event.text.find("no space left"), std::string::npos);
    EXPECT_EQ(m_stage.boards.health.rows()[toIndex(Module::Train)].state, health::HealthState::Degraded);
}

TEST_F(CheckpointKeeperTest, TheSameStepIsNotSavedTwiceInTheBackground)
{
    auto keeping = keeper();
    const train::CheckpointSample sample(4);
    keeping->afterStep(sample.view());
    keeping->save(sample.view(), SaveCause::User);
    ASSERT_TRUE(keeping->saveAndWait(train::CheckpointSample(5).view(), SaveCause::Stop));
    EXPECT_EQ(m_syncs, 2);
}

} // namespace
} // namespace dubito::session
