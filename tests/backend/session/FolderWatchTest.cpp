// SPDX-License-Identifier: GPL-3.0-or-later
// Somebody cleans up while a run goes on.
#include "backend/session/FolderWatch.h"

#include "tests/support/ManualClock.h"
#include "tests/support/RunStage.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace dubito::session {
namespace {

namespace fs = std::filesystem;
using train::Ending;

/// A run in whose midst, at the ninth look at the memory, something happens to its folder.
class FolderWatchTest : public testing::Test {
protected:
    static constexpr int kMidst = 9;

    /// Without checkpoints on their way: the folder is as the test leaves it.
    FolderWatchTest() { small.set("training.evaluation_interval", "0"); }

    train::RunStatus trainWhile(const std::function<void()>& happens, Resuming resuming = Resuming::No)
    {
        RunStage stage(small, clock);
        int looks = 0;
        stage.probe.onProcess = [&] {
            clock.advance(std::chrono::seconds(2));
            if (++looks == kMidst) {
                happens();
            }
            if (looks == m_stopAt) {
                EXPECT_TRUE(stage.commands.push(Stop { Cause::User }));
            }
            return 300 * kMiB;
        };
        return stage.work(resuming);
    }

    static std::vector<std::pair<std::int64_t, double>> undisturbedCurve()
    {
        SmallRun other;
        RunStage(other).work();
        return other.curve();
    }

    void removeFolder() const { fs::remove_all(small.output()); }

    /// What was said of the folder.
    std::vector<std::string> told() const
    {
        std::vector<std::string> texts;
        for (const Event& event : small.events()) {
            if (event.kind == EventKind::Alert && event.cause == "folder") {
                texts.push_back(event.text);
            }
        }
        return texts;
    }

    SmallRun small;
    ManualClock clock;
    int m_stopAt = -1;
};

TEST_F(FolderWatchTest, ARemovedFolderIsMadeAgainAndTheCurveIsWhole)
{
    const auto status = trainWhile([&] { removeFolder(); });
    EXPECT_EQ(status.ending, Ending::Done) << (status.problem ? toText(*status.problem) : "");
    for (const char* name : { "run.yaml", "events.jsonl", "heartbeat.json", ".lock", "final", "checkpoint-12" }) {
        EXPECT_TRUE(fs::exists(small.output() / name)) << name;
    }
    EXPECT_EQ(small.curve(), undisturbedCurve());
    ASSERT_EQ(told().size(), 1U);
    EXPECT_NE(told().front().find("was removed or moved away"), std::string::npos) << told().front();
    EXPECT_NE(told().front().find(small.output().string()), std::string::npos) << told().front();
    EXPECT_TRUE(small.story().starts_with("start ")) << "what was remembered is there: " << small.story();
}

TEST_F(FolderWatchTest, ACheckpointIsSavedInTheNewFolderAtOnceAndTheRunGoesOnFromIt)
{
    m_stopAt = kMidst + 3;
    const auto stopped = trainWhile([&] { removeFolder(); });
    EXPECT_EQ(stopped.ending, Ending::Stopped) << (stopped.problem ? toText(*stopped.problem) : "");
    const auto events = small.events();
    EXPECT_TRUE(std::ranges::any_of(
        events, [](const Event& event) { return event.kind == EventKind::Checkpoint && event.cause == "folder"; }));
    EXPECT_EQ(trainWhile([] {}, Resuming::Yes).ending, Ending::Done);
    EXPECT_EQ(small.curve(), undisturbedCurve());
}

TEST_F(FolderWatchTest, AFolderThatWasMovedAwayKeepsWhatItHad)
{
    const auto elsewhere = small.folder.path() / "archive";
    EXPECT_EQ(trainWhile([&] { fs::rename(small.output(), elsewhere); }).ending, Ending::Done);
    EXPECT_EQ(small.curve(), undisturbedCurve());
    EXPECT_TRUE(fs::exists(elsewhere / "run.yaml"));
    EXPECT_TRUE(fs::exists(elsewhere / "metrics.jsonl"));
    EXPECT_EQ(told().size(), 1U);
}

TEST_F(FolderWatchTest, ARunThatStandsInThePlaceByThenIsNotTouched)
{
    const auto status = trainWhile([&] {
        fs::rename(small.output(), small.folder.path() / "archive");
        fs::create_directories(small.output());
        small.folder.write("run/run.yaml", "theirs\n");
        small.folder.write("run/metrics.jsonl", "{\"step\":1}\n");
    });
    EXPECT_EQ(status.ending, Ending::Failed);
    ASSERT_TRUE(status.problem);
    EXPECT_EQ(status.problem->code, ErrorCode::Output);
    EXPECT_NE(status.problem->message.find("another run"), std::string::npos) << status.problem->message;
    EXPECT_EQ(fs::file_size(small.output() / "metrics.jsonl"), 11U);
    EXPECT_FALSE(fs::exists(small.output() / "final"));
}

TEST_F(FolderWatchTest, MetricsThatWereRemovedAloneAreWrittenAgain)
{
    EXPECT_EQ(trainWhile([&] { fs::remove(small.output() / "metrics.jsonl"); }).ending, Ending::Done);
    EXPECT_EQ(small.curve(), undisturbedCurve());
    ASSERT_EQ(told().size(), 1U);
    EXPECT_NE(told().front().find("metrics.jsonl"), std::string::npos) << told().front();
}

TEST_F(FolderWatchTest, SoIsTheConfiguration)
{
    EXPECT_EQ(trainWhile([&] { fs::remove(small.output() / "run.yaml"); }).ending, Ending::Done);
    EXPECT_TRUE(fs::exists(small.output() / "run.yaml"));
    ASSERT_EQ(told().size(), 1U);
    EXPECT_NE(told().front().find("run.yaml"), std::string::npos) << told().front();
}

TEST_F(FolderWatchTest, AFolderThatCannotBeMadeAgainEndsTheRunWithASentence)
{
    const auto status = trainWhile([&] {
        removeFolder();
        small.folder.write("run", "a file in its place");
    });
    EXPECT_EQ(status.ending, Ending::Failed);
    ASSERT_TRUE(status.problem);
    EXPECT_EQ(status.problem->code, ErrorCode::Output);
    EXPECT_NE(status.problem->message.find("removed while the run went on"), std::string::npos) << status.problem->message;
}

TEST_F(FolderWatchTest, WhereNobodyTouchesAnythingNothingIsSaid)
{
    EXPECT_EQ(trainWhile([] {}).ending, Ending::Done);
    EXPECT_TRUE(told().empty());
}

} // namespace
} // namespace dubito::session
