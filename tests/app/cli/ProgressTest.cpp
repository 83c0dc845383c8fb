// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/Progress.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace dubito::app {
namespace {

using session::EventKind;
using testing::HasSubstr;
using testing::Not;
using train::RunState;

session::Snapshot runIn(RunState state, std::int64_t step = 0)
{
    session::Snapshot snapshot;
    snapshot.run.state = state;
    snapshot.run.step = step;
    snapshot.run.totalSteps = 60;
    return snapshot;
}

session::Event eventOf(std::uint64_t id, EventKind kind, const std::string& text)
{
    session::Event event;
    event.id = id;
    event.kind = kind;
    event.text = text;
    return event;
}

/// What a log gets of these looks, a second after each other, and of the end.
std::string logOf(const std::vector<session::Snapshot>& looks)
{
    Progress progress(Progress::Form::Lines);
    testing::internal::CaptureStderr();
    for (std::size_t i = 0; i < looks.size(); ++i) {
        progress.show(looks[i], std::chrono::seconds(i + 1));
    }
    progress.finish(looks.back());
    return testing::internal::GetCapturedStderr();
}

TEST(Progress, WhatIsNotKnownBeforeTheFirstStepIsNotSaid)
{
    EXPECT_EQ(progressLine(runIn(RunState::Running), 200), "░░░░░░░░░░░░ step 0/60");
    auto running = runIn(RunState::Running, 30);
    running.run.tokensPerSecond = 1234;
    running.memory.latest.resident = std::int64_t { 120 } << 20;
    EXPECT_EQ(progressLine(running, 200), "██████░░░░░░ step 30/60  1,234 tok/s  RSS 120 MiB");
}

TEST(Progress, ALogGetsALineEveryTenSecondsAndTheLastOneOnce)
{
    std::vector<session::Snapshot> looks;
    for (int i = 1; i <= 25; ++i) {
        looks.push_back(runIn(RunState::Running, i));
    }
    looks.push_back(runIn(RunState::Finished, 26));
    const std::string text = logOf(looks);
    EXPECT_EQ(std::ranges::count(text, '\n'), 4) << text;
    EXPECT_THAT(text, HasSubstr("step 26/60"));
}

TEST(Progress, WhatThePreparationFoundOutIsSaidOnce)
{
    auto snapshot = runIn(RunState::Running);
    snapshot.run.notes = { "30 documents in 1 file", "1 document cut at 128 tokens" };
    EXPECT_EQ(logOf({ snapshot, snapshot, snapshot }),
        "note: 30 documents in 1 file\nnote: 1 document cut at 128 tokens\n░░░░░░░░░░░░ step 0/60\n");
}

TEST(Progress, EventsOfTheSessionsBeforeAResumeAreNotToldAgain)
{
    auto snapshot = runIn(RunState::Running);
    snapshot.events = { eventOf(1, EventKind::Start, "the first start"), eventOf(2, EventKind::Resume, "goes on after step 40") };
    snapshot.events[0].isEarlier = true;
    const std::string text = logOf({ snapshot, snapshot });
    EXPECT_THAT(text, HasSubstr("[0:00] resume: goes on after step 40\n"));
    EXPECT_THAT(text, Not(HasSubstr("the first start")));
}

TEST(Progress, AFailureIsLeftToTheLastLineOfTheProgram)
{
    auto snapshot = runIn(RunState::Failed);
    snapshot.run.totalSteps = 0;
    snapshot.events = { eventOf(1, EventKind::Fail, "train.jsonl: holds no document") };
    EXPECT_EQ(logOf({ snapshot }), "");
}

} // namespace
} // namespace dubito::app
