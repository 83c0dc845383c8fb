// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/session/RunJournal.h"

#include "tests/support/ManualClock.h"
#include "tests/support/SmallRun.h"

#include <gtest/gtest.h>

namespace dubito::session {
namespace {

using namespace std::chrono_literals;
using train::RunState;

class RunJournalTest : public testing::Test {
protected:
    train::RunStatus status() const { return m_boards.run.copy(); }

    SmallRun m_small;
    ManualClock m_clock;
    config::ConfigStore m_store { m_small.layered() };
    RunBoards m_boards { m_clock, m_store, 60s };
};

TEST_F(RunJournalTest, ANewRunForgetsTheLastOne)
{
    m_boards.metrics.update([](metrics::MetricBoard& board) { board.add(metrics::Metric::Tokens, { 1, {}, 1 }); });
    m_boards.reload.update([](reload::ReloadStatus& reload) { reload.unplanned = 2; });
    ASSERT_TRUE(m_boards.events.openFile(m_small.folder.path() / "events.jsonl"));
    RunJournal journal(m_boards);
    journal.add(EventKind::Stop, "user", "the last one");
    journal.begin("run");
    EXPECT_EQ(status().state, RunState::Preparing);
    EXPECT_EQ(status().runName, "run");
    EXPECT_EQ(m_boards.metrics.read([](const metrics::MetricBoard& board) { return board.used(); }), 0);
    EXPECT_EQ(m_boards.reload.copy(), reload::ReloadStatus {});
    EXPECT_TRUE(m_boards.events.newest().empty());
    journal.add(EventKind::Fail, "error", "before the folder was opened");
    std::int64_t lines = 0;
    ASSERT_TRUE(readEvents(m_small.folder.path() / "events.jsonl", [&](const Event&) { ++lines; }));
    EXPECT_EQ(lines, 1) << "the file of the last run is not written any more";
}

TEST_F(RunJournalTest, TimeGoesOnWhereTheEarlierSessionsEnded)
{
    RunJournal journal(m_boards);
    m_clock.advance(2s);
    EXPECT_EQ(journal.time(), 2s);
    journal.addEarlierTime(1h);
    EXPECT_EQ(journal.time(), 1h + 2s);
}

TEST_F(RunJournalTest, ProgressSpeedAndTimeLeftFollowTheSteps)
{
    RunJournal journal(m_boards);
    journal.begin("run");
    train::StepResult result;
    result.targets = 100;
    for (result.step = 1; result.step <= 10; ++result.step) {
        m_clock.advance(500ms);
        journal.publish(result, 30, 100 * result.step, 500);
    }
    EXPECT_EQ(status().step, 10);
    EXPECT_EQ(status().tokensSeen, 1000);
    EXPECT_EQ(status().elapsed, 5s);
    EXPECT_DOUBLE_EQ(status().tokensPerSecond, 200);
    EXPECT_EQ(status().remaining, 10s);
    EXPECT_EQ(journal.step(), 10);
}

TEST_F(RunJournalTest, AStepThatTookNoTimeAtAllHasNoSpeed)
{
    RunJournal journal(m_boards);
    journal.begin("run");
    train::StepResult result;
    result.step = 1;
    result.targets = 100;
    journal.publish(result, 30, 100, 0);
    EXPECT_EQ(status().tokensPerSecond, 0);
    journal.publish(result, 30, 100, 500);
    EXPECT_DOUBLE_EQ(status().tokensPerSecond, 200);
}

TEST_F(RunJournalTest, AnEndSaysHow)
{
    RunJournal journal(m_boards);
    journal.begin("run");
    journal.enter(RunState::Running, "trains");
    journal.end(train::Ending::Failed, Error { ErrorCode::Diverged, "no number", "step 3" });
    EXPECT_EQ(status().state, RunState::Failed);
    EXPECT_EQ(status().problem->where, "step 3");
    EXPECT_TRUE(status().activity.empty());
    journal.begin("run");
    EXPECT_FALSE(status().problem);
    journal.end(train::Ending::Done, std::nullopt);
    EXPECT_EQ(status().state, RunState::Finished);
    EXPECT_EQ(status().remaining, 0ms);
}

TEST_F(RunJournalTest, AnImpossibleTransitionEndsTheProgram)
{
    testing::FLAGS_gtest_death_test_style = "threadsafe";
    RunJournal journal(m_boards);
    EXPECT_DEATH(journal.enter(RunState::Reloading, ""), "a run went from idle to reloading");
}

} // namespace
} // namespace dubito::session
