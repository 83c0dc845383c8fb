// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/session/Session.h"

#include "tests/support/ManualClock.h"
#include "tests/support/SmallRun.h"

#include <gtest/gtest.h>

#include <chrono>
#include <thread>

namespace dubito::session {
namespace {

using namespace std::chrono_literals;
using train::Ending;
using train::RunState;

/// A session over a small run, watched as the window watches it: by asking for snapshots until they show something.
class Watch {
public:
    explicit Watch(const SmallRun& small, Resuming resuming = Resuming::No, Frontend frontend = Frontend::Window)
        : m_session(std::make_unique<Session>(
            SessionOptions { small.layered(), small.sources(), resuming, frontend, std::nullopt },
            SessionServices { m_clock, m_probe, nullptr, nullptr }))
    {
    }

    Session& session() { return *m_session; }

    template <typename Holds>
    bool until(Holds holds)
    {
        const auto giveUp = std::chrono::steady_clock::now() + 50s;
        while (std::chrono::steady_clock::now() < giveUp) {
            m_seen = m_session->snapshot();
            if (holds(m_seen)) {
                return true;
            }
            std::this_thread::sleep_for(1ms);
        }
        ADD_FAILURE() << "waited in vain; the run is " << train::toWord(m_seen.run.state) << " at step "
                      << m_seen.run.step << (m_seen.run.problem ? ": " + toText(*m_seen.run.problem) : "");
        return false;
    }

    bool untilState(RunState state)
    {
        return until([&](const Snapshot& snapshot) { return snapshot.run.state == state; });
    }

    bool untilStep(std::int64_t step)
    {
        return until([&](const Snapshot& snapshot) {
            return snapshot.run.step >= step || !train::isActive(snapshot.run.state);
        });
    }

    void post(Command command)
    {
        const auto posted = m_session->post(std::move(command));
        EXPECT_TRUE(posted) << toText(posted.error());
    }

    const Snapshot& seen() const { return m_seen; }
    std::size_t count(EventKind kind) const
    {
        return static_cast<std::size_t>(std::ranges::count(m_seen.events, kind, &Event::kind));
    }

private:
    SystemClock m_clock;
    memory::LinuxMemoryProbe m_probe;
    std::unique_ptr<Session> m_session;
    Snapshot m_seen;
};

TEST(Session, StartsPausesGoesOnAndStops)
{
    SmallRun small;
    small.set("training.steps", "1000000");
    Watch watch(small);
    EXPECT_EQ(watch.session().snapshot().run.state, RunState::Idle);
    watch.post(Start {});
    ASSERT_TRUE(watch.untilStep(3));
    watch.post(Pause {});
    ASSERT_TRUE(watch.untilState(RunState::Paused));
    const auto paused = watch.seen().run.step;
    EXPECT_EQ(watch.session().snapshot().run.step, paused);
    watch.post(Resume {});
    ASSERT_TRUE(watch.untilStep(paused + 3));
    watch.post(Stop {});
    ASSERT_TRUE(watch.untilState(RunState::Finished));
    const auto& run = watch.seen().run;
    EXPECT_EQ(run.ending, Ending::Stopped);
    EXPECT_EQ(run.lastCheckpointStep, run.step);
    EXPECT_TRUE(std::filesystem::exists(run.lastCheckpoint));
    EXPECT_EQ(small.curve().back().first, run.step) << "what was trained is on the disk";
    for (const EventKind kind : { EventKind::Start, EventKind::Pause, EventKind::Resume, EventKind::Stop }) {
        EXPECT_EQ(watch.count(kind), 1U) << toWord(kind);
    }
}

TEST(Session, ReloadingWhilePausedAndWhileRunningLeavesTheCurve)
{
    SmallRun plain;
    plain.set("training.steps", "40");
    {
        Watch watch(plain);
        watch.post(Start {});
        ASSERT_TRUE(watch.untilState(RunState::Finished));
    }
    SmallRun small;
    small.set("training.steps", "40");
    Watch watch(small);
    watch.post(Start {});
    ASSERT_TRUE(watch.untilStep(2));
    watch.post(Pause {});
    ASSERT_TRUE(watch.untilState(RunState::Paused));
    watch.post(ReloadNow {});
    ASSERT_TRUE(watch.until([](const Snapshot& seen) { return seen.reload.planned == 1; }));
    ASSERT_TRUE(watch.untilState(RunState::Paused)) << "a reload does not end a pause";
    watch.post(Resume {});
    watch.post(ReloadNow {});
    ASSERT_TRUE(watch.untilState(RunState::Finished));
    EXPECT_EQ(watch.seen().run.ending, Ending::Done);
    EXPECT_EQ(watch.seen().reload.planned, 2);
    EXPECT_EQ(watch.seen().reload.unplanned, 0);
    EXPECT_EQ(small.curve(), plain.curve());
}

TEST(Session, WhatDoesNotFitIsRefusedWithItsReason)
{
    SmallRun small;
    small.set("training.steps", "1000000");
    Watch watch(small);
    for (const Command& command : { Command(Pause {}), Command(Resume {}), Command(Stop {}), Command(SaveCheckpoint {}),
             Command(ReloadNow {}), Command(StartDrill { .who = "data" }), Command(CleanUp {}) }) {
        const auto posted = watch.session().post(command);
        ASSERT_FALSE(posted);
        EXPECT_EQ(posted.error().code, ErrorCode::Refused);
        EXPECT_FALSE(posted.error().message.empty());
        EXPECT_EQ(posted.error().where, "idle");
    }
    watch.post(Start {});
    ASSERT_TRUE(watch.untilStep(1));
    const auto again = watch.session().post(Start {});
    ASSERT_FALSE(again);
    EXPECT_EQ(again.error().message, "a run is going on already");
    EXPECT_FALSE(watch.session().post(Resume {}));
}

TEST(Session, ARefusedModelFailsTheRunAndTheSessionCanStartAgain)
{
    SmallRun small;
    std::filesystem::rename(small.folder.path() / "small/config.json", small.folder.path() / "small/away.json");
    Watch watch(small);
    watch.post(Start {});
    ASSERT_TRUE(watch.untilState(RunState::Failed));
    ASSERT_TRUE(watch.seen().run.problem);
    EXPECT_EQ(watch.seen().health[toIndex(Module::Train)].state, health::HealthState::Failed);
}

TEST(Session, AStopWhilePreparingEndsThePreparation)
{
    SmallRun small;
    std::string corpus;
    for (int i = 0; i < 400; ++i) {
        corpus += SmallRun::corpus(100);
    }
    small.folder.write("train.jsonl", corpus);
    Watch watch(small);
    watch.post(Start {});
    watch.post(Stop {});
    ASSERT_TRUE(watch.untilState(RunState::Finished));
    EXPECT_EQ(watch.seen().run.ending, Ending::Stopped);
    EXPECT_FALSE(watch.seen().run.problem);
}

TEST(Session, ADrillIsFoundActedOnAndReloadedAway)
{
    SmallRun small;
    small.set("training.steps", "1000000").set("training.evaluation_interval", "0");
    Watch watch(small);
    watch.post(Start {});
    ASSERT_TRUE(watch.untilStep(2));
    watch.post(StartDrill { .who = "activations", .mbPerStep = 4 });
    ASSERT_TRUE(watch.until([](const Snapshot& seen) { return seen.reload.unplanned >= 1; }));
    watch.post(StopDrill {});
    watch.post(Stop {});
    ASSERT_TRUE(watch.untilState(RunState::Finished));
    EXPECT_GE(watch.count(EventKind::Act), 1U);
    const auto reloaded = std::ranges::find_if(watch.seen().events,
        [](const Event& event) { return event.kind == EventKind::Reload && event.cause == "emergency"; });
    ASSERT_NE(reloaded, watch.seen().events.end());
    const auto act = std::ranges::find(watch.seen().events, EventKind::Act, &Event::kind);
    EXPECT_EQ(act->cause, "activations");
    EXPECT_LT(act->id, reloaded->id);
    EXPECT_NE(watch.seen().reload.lastOutcome, reload::Outcome::GaveUp);
}

TEST(Session, LiveFieldsComeIntoForceAndTheOthersWait)
{
    SmallRun small;
    small.set("training.steps", "1000000");
    Watch watch(small);
    watch.post(Start {});
    ASSERT_TRUE(watch.untilStep(1));
    auto changed = small.config();
    changed.training.reloadIntervalSteps = 2;
    changed.training.seqLen = 48;
    watch.post(ApplyConfig { std::make_shared<const config::Config>(changed), Cause::User });
    ASSERT_TRUE(watch.until([](const Snapshot& seen) { return seen.reload.planned >= 2; }));
    EXPECT_EQ(watch.seen().config.inForce->training.reloadIntervalSteps, 2);
    EXPECT_EQ(watch.seen().config.inForce->training.seqLen, 24);
}

TEST(Session, DocumentsAreShownWithTheirWeightsAndReasons)
{
    SmallRun small;
    Watch watch(small);
    watch.post(ShowDocuments { .filter = "DOC-1", .first = 0 });
    ASSERT_TRUE(watch.until([](const Snapshot& seen) { return seen.documents.matching > 0; }));
    EXPECT_EQ(watch.seen().documents.matching, 11) << "doc-1 and doc-10 to doc-19";
    EXPECT_EQ(watch.seen().documents.documents.front().id, "doc-1");
}

TEST(Session, TheRevisionGrowsWhenSomethingHappensAndStaysWhenNothingDoes)
{
    SmallRun small;
    Watch watch(small);
    const auto idle = watch.session().snapshot().revision;
    EXPECT_EQ(watch.session().snapshot().revision, idle);
    watch.post(Start {});
    ASSERT_TRUE(watch.untilState(RunState::Finished));
    EXPECT_GT(watch.seen().revision, idle);
    watch.post(ShowDocuments { .filter = "doc-2", .first = 0 });
    ASSERT_TRUE(watch.until([](const Snapshot& seen) { return seen.documents.filter == "doc-2"; }));
    const auto before = watch.seen().revision;
    watch.post(ShowDocuments { .filter = "doc-1", .first = 0 });
    ASSERT_TRUE(watch.until([](const Snapshot& seen) { return seen.documents.filter == "doc-1"; }));
    EXPECT_GT(watch.seen().revision, before) << "as many match, but others";
}

TEST(Session, AModuleThatFallsSilentIsANewSnapshotEvenIfNothingElseHappens)
{
    SmallRun small;
    ManualClock clock;
    memory::LinuxMemoryProbe probe;
    Session session({ small.layered(), small.sources(), Resuming::No, Frontend::Window, std::nullopt },
        { clock, probe, nullptr, nullptr });
    const auto isSilent = [](const Snapshot& seen) {
        return std::ranges::count(seen.health, health::HealthState::Silent, &health::ModuleHealth::state) > 0;
    };
    // Twice a second the monitor beats for the modules without a thread: an hour passes between two of its beats.
    for (;;) {
        while (session.snapshot().health[toIndex(Module::Config)].state != health::HealthState::Healthy) {
            std::this_thread::sleep_for(1ms);
        }
        const auto before = session.snapshot();
        clock.advance(1h);
        const auto after = session.snapshot();
        if (isSilent(after)) {
            EXPECT_GT(after.revision, before.revision);
            return;
        }
    }
}

TEST(BorderSession, AStopIsSeenWithinOneMicroBatch)
{
    SmallRun small;
    small.set("training.steps", "1000000").set("training.accumulate", "64");
    Watch watch(small);
    watch.post(Start {});
    ASSERT_TRUE(watch.untilStep(1));
    const auto asked = std::chrono::steady_clock::now();
    watch.post(Stop {});
    ASSERT_TRUE(watch.until([](const Snapshot& seen) { return seen.run.state != RunState::Running; }));
    EXPECT_LT(std::chrono::steady_clock::now() - asked, 20s) << "a busy machine may take its time, a million steps would take an hour";
    ASSERT_TRUE(watch.untilState(RunState::Finished));
}

TEST(BorderSession, TwoThreadsAtFullSpeedBreakNothing)
{
    SmallRun small;
    small.set("training.steps", "1000000").set("training.evaluation_interval", "7");
    auto changed = std::make_shared<config::Config>(small.config());
    changed->training.periodicCacheClearInterval = 3;
    Watch watch(small, Resuming::Yes);
    Session& session = watch.session();
    watch.post(Start {});
    ASSERT_TRUE(watch.untilStep(1));
    const Start again { .cause = Cause::User, .resumeFolder = small.output().string() };
    std::atomic<bool> isOver = false;
    std::atomic<std::int64_t> taken = 0;
    std::jthread other([&] {
        std::uint64_t revision = 0;
        while (!isOver) {
            const auto seen = session.snapshot();
            EXPECT_GE(seen.revision, revision);
            revision = seen.revision;
            taken += session.post(again) ? 1 : 0;
            taken += session.post(Pause {}) ? 1 : 0;
            taken += session.post(Resume {}) ? 1 : 0;
            taken += session.post(ShowDocuments { .filter = "doc" }) ? 1 : 0;
        }
    });
    const std::vector<Command> commands { again, Pause {}, ReloadNow {}, Resume {},
        StartDrill { .who = "data", .mbPerStep = 0.5 }, SaveCheckpoint {}, StopDrill {}, CleanUp {},
        ApplyConfig { changed, Cause::User }, again, Stop {} };
    for (int round = 0; round < 12; ++round) {
        for (const Command& command : commands) {
            taken += session.post(command) ? 1 : 0;
            const auto seen = session.snapshot();
            EXPECT_NE(seen.run.state, RunState::Failed) << (seen.run.problem ? toText(*seen.run.problem) : "");
        }
        ASSERT_TRUE(watch.until(
            [](const Snapshot& seen) { return seen.run.step > 0 || !train::isActive(seen.run.state); }));
    }
    isOver = true;
    other.join();
    EXPECT_GT(taken, 20);
}

TEST(Session, OnlyTheFirstRunIsResumedUnlessAFolderIsNamed)
{
    SmallRun small;
    small.set("training.steps", "1000000");
    Watch watch(small, Resuming::Yes);
    watch.post(Start {});
    ASSERT_TRUE(watch.untilStep(3));
    watch.post(Stop {});
    ASSERT_TRUE(watch.untilState(RunState::Finished));
    const auto step = watch.seen().run.step;
    watch.post(Start {});
    ASSERT_TRUE(watch.untilState(RunState::Failed)) << "the folder holds a run";
    EXPECT_EQ(watch.seen().run.problem->code, ErrorCode::Usage);
    watch.post(Start { .cause = Cause::User, .resumeFolder = small.output().string() });
    ASSERT_TRUE(watch.untilStep(step + 2));
    EXPECT_EQ(watch.count(EventKind::Resume), 1U);
    EXPECT_FALSE(watch.session().post(Start { .cause = Cause::User, .resumeFolder = "/nowhere" }));
}

TEST(BorderSession, CanBeDestroyedInEveryState)
{
    SmallRun small;
    small.set("training.steps", "1000000");
    { Watch idle(small); }
    {
        Watch preparing(small, Resuming::Yes);
        preparing.post(Start {});
    }
    {
        Watch running(small, Resuming::Yes);
        running.post(Start {});
        ASSERT_TRUE(running.untilStep(1));
    }
    {
        Watch paused(small, Resuming::Yes);
        paused.post(Start {});
        ASSERT_TRUE(paused.untilState(RunState::Running));
        paused.post(Pause {});
        ASSERT_TRUE(paused.untilState(RunState::Paused));
    }
    {
        Watch reloading(small, Resuming::Yes);
        reloading.post(Start {});
        ASSERT_TRUE(reloading.untilState(RunState::Running));
        reloading.post(ReloadNow {});
    }
    {
        Watch stopping(small, Resuming::Yes);
        stopping.post(Start {});
        ASSERT_TRUE(stopping.untilState(RunState::Running));
        stopping.post(Stop {});
    }
    // What a destroyed session saved can be gone on with.
    Watch last(small, Resuming::Yes);
    last.post(Start {});
    ASSERT_TRUE(last.untilState(RunState::Running));
    EXPECT_GT(last.seen().run.step, 0);
}

} // namespace
} // namespace dubito::session
