// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/session/RunReloads.h"

#include "tests/support/RunStage.h"

#include <gtest/gtest.h>

namespace dubito::session {
namespace {

using reload::Outcome;
using reload::ReloadCause;
using train::Ending;

/// A run on a machine whose resident memory is `loaded` from a certain look on, until a reload brings it back, or does not.
class ReloadStage : public RunStage {
public:
    explicit ReloadStage(const SmallRun& small) : RunStage(small) { }

    /// From the look of the third step on this much is resident; a torn down model brings it back unless it is kept.
    void grow(std::int64_t bytes, bool isKept)
    {
        probe.onProcess = [this, bytes, isKept, looks = 0]() mutable {
            m_wasEmpty = m_wasEmpty || (looks > 5 && pool.active() < kMiB / 8);
            const bool isHigh = ++looks >= 5 && (isKept || !m_wasEmpty);
            return isHigh ? bytes : 300 * kMiB;
        };
    }

private:
    bool m_wasEmpty = false;
};

std::vector<std::string> causesOf(const SmallRun& small, EventKind kind)
{
    std::vector<std::string> causes;
    for (const Event& event : small.events()) {
        if (event.kind == kind) {
            causes.push_back(event.cause);
        }
    }
    return causes;
}

TEST(RunReloads, AThresholdIsReachedOnceAndTheMemoryComesBack)
{
    SmallRun small;
    small.set("training.reload_memory_threshold_gb", "0.5");
    ReloadStage stage(small);
    stage.grow(600 * kMiB, false);
    EXPECT_EQ(stage.work().ending, Ending::Done);
    EXPECT_EQ(causesOf(small, EventKind::Reload), std::vector<std::string> { "threshold" });
    const auto status = stage.boards.reload.copy();
    EXPECT_EQ(status.unplanned, 1);
    EXPECT_EQ(status.planned, 0);
    EXPECT_EQ(status.left, 2);
    EXPECT_EQ(status.lastOutcome, Outcome::Ok);
    EXPECT_EQ(status.recoveredBytes, 300 * kMiB);
    EXPECT_EQ(small.curve().size(), 12U);
}

TEST(RunReloads, AFastLeakIsReloadedForAgainWithinTheCoolDownAndTheThresholdHolds)
{
    SmallRun small;
    small.set("training.reload_memory_threshold_gb", "0.5").set("training.steps", "60").set("training.evaluation_interval", "0");
    RunStage stage(small);
    // 30 MiB more with each step, until a torn down model gives them back.
    std::int64_t leaked = 0;
    std::int64_t lastStep = 0;
    stage.probe.onProcess = [&] {
        const std::int64_t step = stage.boards.run.copy().step;
        leaked = step > 0 && stage.pool.active() < kMiB / 8 ? 0 : leaked + (step != lastStep ? 30 * kMiB : 0);
        lastStep = step;
        return 300 * kMiB + leaked;
    };
    EXPECT_EQ(stage.work().ending, Ending::StoppedForMemory) << "three an hour do not cure it";
    EXPECT_EQ(causesOf(small, EventKind::Reload), (std::vector<std::string> { "threshold", "threshold", "threshold" }));
    for (const auto& [step, mb] : small.curve(metrics::Metric::Resident)) {
        EXPECT_LE(mb, 512 + 30) << "the threshold and one step more, at step " << step;
    }
    EXPECT_EQ(stage.boards.reload.copy().nextAllowed.count(), 0) << "what helped leaves no back-off";
}

TEST(RunReloads, MemoryThatStaysWantsAFreshProcessInATerminal)
{
    SmallRun small;
    small.set("training.reload_memory_threshold_gb", "0.5");
    ReloadStage stage(small);
    stage.grow(600 * kMiB, true);
    const auto status = stage.work();
    EXPECT_EQ(status.ending, Ending::RestartWanted);
    EXPECT_EQ(status.state, train::RunState::Finished);
    EXPECT_EQ(status.lastCheckpointStep, status.step) << "saved before it asks for a restart";
    EXPECT_EQ(causesOf(small, EventKind::Retained), std::vector<std::string> { "threshold" });

    // The fresh process goes on with the budget of the one before.
    RunStage fresh(small);
    fresh.work(Resuming::Yes);
    EXPECT_EQ(fresh.boards.reload.copy().left, 2);
}

/// The clock on the wall was set back by ten minutes; the other one knows nothing of it.
class BackdatedClock final : public Clock {
public:
    std::chrono::nanoseconds now() const override { return SystemClock().now(); }
    std::chrono::system_clock::time_point wall() const override { return SystemClock().wall() - std::chrono::minutes(10); }
};

TEST(RunReloads, AClockThatWasSetBackDoesNotForgiveTheReloadsOfTheProcessBefore)
{
    SmallRun small;
    small.set("training.reload_memory_threshold_gb", "0.5");
    ReloadStage stage(small);
    stage.grow(600 * kMiB, true);
    EXPECT_EQ(stage.work().ending, Ending::RestartWanted);
    const BackdatedClock clock;
    RunStage fresh(small, clock);
    fresh.work(Resuming::Yes);
    EXPECT_EQ(fresh.boards.reload.copy().left, 2);
}

TEST(RunReloads, MemoryThatStaysPausesTheWindow)
{
    SmallRun small;
    small.set("training.reload_memory_threshold_gb", "0.5");
    ReloadStage stage(small);
    stage.grow(600 * kMiB, true);
    stage.probe.onMachine = [&] {
        if (stage.boards.run.copy().state == train::RunState::Paused) {
            EXPECT_TRUE(stage.boards.run.copy().problem);
            EXPECT_TRUE(stage.commands.push(Stop { Cause::User }));
        }
        return 20 * kGiB;
    };
    EXPECT_EQ(stage.work(Resuming::No, Frontend::Window).ending, Ending::Stopped);
    EXPECT_EQ(causesOf(small, EventKind::Pause), std::vector<std::string> { "retained" });
}

TEST(RunReloads, AfterAPlannedReloadRetainedMemoryIsAnEventAndTheRunGoesOn)
{
    SmallRun small;
    small.set("training.reload_interval_steps", "5");
    ReloadStage stage(small);
    stage.grow(600 * kMiB, true);
    EXPECT_EQ(stage.work().ending, Ending::Done);
    EXPECT_EQ(causesOf(small, EventKind::Retained), (std::vector<std::string> { "interval", "interval" }));
    EXPECT_EQ(stage.boards.reload.copy().unplanned, 0);
}

TEST(RunReloads, AThresholdBelowWhatAFreshModelNeedsIsSaidOnceAndNotUsed)
{
    SmallRun small;
    small.set("training.reload_memory_threshold_gb", "0.25");
    RunStage stage(small);
    EXPECT_EQ(stage.work().ending, Ending::Done);
    EXPECT_TRUE(causesOf(small, EventKind::Reload).empty());
    EXPECT_EQ(causesOf(small, EventKind::Alert), std::vector<std::string> { "threshold" });
}

TEST(RunReloads, ABudgetThatAFreshModelPassesIsNotReloadedFor)
{
    SmallRun small;
    small.set("memory.budget_gb", "0.25"); // 300 MiB are resident from the start, and the tensors need far less
    RunStage stage(small);
    EXPECT_EQ(stage.work().ending, Ending::Done);
    EXPECT_EQ(stage.boards.reload.copy().unplanned, 0);
}

TEST(RunReloads, ABudgetThatWasKeptBeforeIsAnEmergency)
{
    SmallRun small;
    small.set("memory.budget_gb", "0.5");
    ReloadStage stage(small);
    stage.grow(600 * kMiB, false);
    EXPECT_EQ(stage.work().ending, Ending::Done);
    EXPECT_EQ(causesOf(small, EventKind::Reload), std::vector<std::string> { "emergency" });
}

TEST(RunReloads, ABudgetOfNoneGivesUpWithAReportAndASavedState)
{
    SmallRun small;
    small.set("training.reload_memory_threshold_gb", "0.5").set("reload.per_hour", "0");
    ReloadStage stage(small);
    stage.grow(600 * kMiB, true);
    const auto status = stage.work();
    EXPECT_EQ(status.ending, Ending::StoppedForMemory);
    EXPECT_EQ(causesOf(small, EventKind::GiveUp), std::vector<std::string> { "threshold" });
    EXPECT_EQ(status.lastCheckpointStep, status.step);
    ASSERT_TRUE(status.problem);
    EXPECT_EQ(status.problem->code, ErrorCode::Memory);
}

TEST(RunReloads, APlannedReloadThatCannotSaveIsAnEventAndTheRunGoesOn)
{
    SmallRun small;
    small.set("training.reload_interval_steps", "5").set("training.steps", "8").set("training.evaluation_interval", "0");
    RunStage stage(small);
    // The folder is away while the reload wants to save: a network that comes and goes.
    const auto away = small.folder.path() / "away";
    stage.probe.onProcess = [&] {
        const auto step = stage.boards.run.copy().step;
        const bool isAway = std::filesystem::exists(away);
        if (step == 4 && !isAway) {
            std::filesystem::rename(small.output(), away);
            small.folder.write("run", "in its place");
        } else if (step == 6 && isAway) {
            std::filesystem::remove(small.output());
            std::filesystem::rename(away, small.output());
        }
        return 300 * kMiB;
    };
    const auto status = stage.work();
    EXPECT_EQ(status.ending, Ending::Done) << (status.problem ? toText(*status.problem) : "");
    EXPECT_EQ(small.curve().size(), 8U);
    const auto events = stage.boards.events.newest();
    EXPECT_EQ(std::ranges::count(events, EventKind::GiveUp, &Event::kind), 1);
}

} // namespace
} // namespace dubito::session
