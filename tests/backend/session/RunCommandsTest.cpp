// SPDX-License-Identifier: GPL-3.0-or-later
// What Run does when it is asked, or when the machine runs short; the loop itself is in RunTest.
#include "tests/support/RunStage.h"

#include <gtest/gtest.h>

namespace dubito::session {
namespace {

using train::Ending;
using train::RunState;

TEST(RunCommands, AMachineThatRunsShortPausesTheRunUntilThereIsMemoryAgain)
{
    SmallRun small;
    RunStage stage(small);
    int looks = 0;
    stage.probe.onMachine = [&] {
        const auto run = stage.boards.run.copy();
        // 15 % of 24 GiB are 3.6 GiB.
        return run.step == 3 && ++looks <= 2 ? 3 * kGiB : 20 * kGiB;
    };
    EXPECT_EQ(stage.work().ending, Ending::Done);
    EXPECT_NE(small.story().find("pause resume"), std::string::npos) << small.story();
    EXPECT_EQ(small.curve().size(), 12U);
    for (const Event& event : small.events()) {
        if (event.kind == EventKind::Pause || event.kind == EventKind::Resume) {
            EXPECT_EQ(event.cause, "pressure");
        }
    }
}

TEST(RunCommands, AMachineThatIsNearlyEmptySavesAndEnds)
{
    SmallRun small;
    RunStage stage(small);
    stage.probe.onMachine = [&] { return stage.boards.run.copy().step >= 3 ? kGiB : 20 * kGiB; };
    const auto status = stage.work();
    EXPECT_EQ(status.ending, Ending::StoppedForMemory);
    EXPECT_EQ(status.lastCheckpointStep, status.step);
    ASSERT_TRUE(status.problem);
    EXPECT_EQ(status.problem->code, ErrorCode::Memory);
    EXPECT_TRUE(std::filesystem::exists(status.lastCheckpoint));
}

TEST(RunCommands, ACheckpointOnDemandIsWrittenAndNamed)
{
    SmallRun small;
    RunStage stage(small);
    stage.probe.onProcess = [&, isAsked = false]() mutable {
        if (!isAsked && stage.boards.run.copy().step == 6) {
            isAsked = true;
            EXPECT_TRUE(stage.commands.push(SaveCheckpoint { Cause::User }));
        }
        return 300 * kMiB;
    };
    stage.work();
    const auto events = small.events();
    const auto saved = std::ranges::find_if(
        events, [](const Event& event) { return event.kind == EventKind::Checkpoint && event.cause == "user"; });
    ASSERT_NE(saved, events.end());
    EXPECT_TRUE(std::filesystem::exists(small.output() / fmt::format("checkpoint-{}", saved->step)));
}

TEST(RunCommands, ADrillThatCannotBeTakenIsAnEventAndTheRunGoesOn)
{
    SmallRun small;
    RunStage stage(small);
    ASSERT_TRUE(stage.commands.push(StartDrill { .who = "tea", .mbPerStep = 1 }));
    EXPECT_EQ(stage.work().ending, Ending::Done);
    const auto events = small.events();
    EXPECT_TRUE(std::ranges::any_of(events, [](const Event& event) {
        return event.cause == "drill" && event.text.find("refused") != std::string::npos;
    }));
}

TEST(RunCommands, ADrillFromTheCommandLineBeginsWithTheRunAndEndsWithIt)
{
    SmallRun small;
    RunStage stage(small);
    stage.drill = memory::Drill {};
    stage.drill->who = "data";
    stage.drill->mbPerStep = 1;
    std::int64_t held = 0;
    stage.probe.onProcess = [&] {
        held = std::max(held, stage.pool.counters().bytes[toIndex(Category::Data)]);
        return 300 * kMiB;
    };
    EXPECT_EQ(stage.work().ending, Ending::Done);
    EXPECT_GT(held, 5 * kMiB);
    EXPECT_EQ(stage.pool.active(), 0);
}

TEST(RunCommands, ACleanUpGivesTheCachesBackAndSaysSo)
{
    SmallRun small;
    RunStage stage(small);
    ASSERT_TRUE(stage.commands.push(CleanUp { Cause::Signal }));
    stage.work();
    const auto events = small.events();
    EXPECT_TRUE(std::ranges::any_of(
        events, [](const Event& event) { return event.kind == EventKind::Relieve && event.cause == "signal"; }));
}

TEST(RunCommands, AReportOnDemandIsWrittenAndNamed)
{
    SmallRun small;
    RunStage stage(small);
    ASSERT_TRUE(stage.commands.push(SaveReport { Cause::User }));
    stage.work();
    const auto events = small.events();
    const auto told = std::ranges::find(events, "report", &Event::cause);
    ASSERT_NE(told, events.end());
    ASSERT_TRUE(told->text.starts_with("memory report: ")) << told->text;
    EXPECT_TRUE(std::filesystem::exists(told->text.substr(15)));
}

TEST(RunCommands, WhoAsksForACheckpointGetsAnAnswerAlsoWhenNoneIsWritten)
{
    const auto answerTo = [](const std::string& checkpointing, int times) {
        SmallRun small;
        small.set("training.checkpointing", checkpointing);
        RunStage stage(small);
        for (int i = 0; i < times; ++i) {
            EXPECT_TRUE(stage.commands.push(SaveCheckpoint { Cause::User }));
        }
        stage.work();
        std::string text;
        for (const Event& event : small.events()) {
            text += event.cause == "user" ? event.text + "\n" : "";
        }
        return text;
    };
    EXPECT_NE(answerTo("off", 1).find("checkpointing is off"), std::string::npos);
    EXPECT_NE(answerTo("on", 2).find("step 0 is saved already"), std::string::npos);
}

TEST(RunCommands, AResumeSaysThatItKeepsTheBatchOfTheCheckpoint)
{
    SmallRun small;
    {
        RunStage stage(small);
        ASSERT_TRUE(stage.commands.push(Stop { Cause::User }));
        stage.work();
    }
    small.set("training.batch_size", "4");
    RunStage(small).work(Resuming::Yes);
    const auto events = small.events();
    const auto told = std::ranges::find(events, "batch", &Event::cause);
    ASSERT_NE(told, events.end());
    EXPECT_NE(told->text.find("2 × 1, not with 4 × 1"), std::string::npos) << told->text;
}

TEST(RunCommands, AStopBeforeTheFirstStepSavesWhatThereIsAndTheResumeGoesOn)
{
    SmallRun small;
    {
        RunStage stage(small);
        ASSERT_TRUE(stage.commands.push(Stop { Cause::User }));
        const auto status = stage.work();
        EXPECT_EQ(status.ending, Ending::Stopped);
        EXPECT_EQ(status.step, 0);
    }
    EXPECT_EQ(RunStage(small).work(Resuming::Yes).ending, Ending::Done);
    EXPECT_EQ(small.curve().size(), 12U);
}

} // namespace
} // namespace dubito::session
