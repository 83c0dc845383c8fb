// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/session/Replay.h"

#include "tests/support/RunStage.h"

#include <gtest/gtest.h>

#include <cmath>

namespace dubito::session {
namespace {

TEST(Replay, ARecordedRunLooksAsItDidAtItsEnd)
{
    SmallRun small;
    RunStage stage(small);
    const auto lived = stage.work();
    const auto replay = Replay::open(small.output());
    ASSERT_TRUE(replay) << toText(replay.error());
    const auto seen = (*replay)->snapshot();
    EXPECT_EQ(seen.run.state, train::RunState::Finished);
    EXPECT_EQ(seen.run.ending, train::Ending::Done);
    EXPECT_EQ(seen.run.step, 12);
    EXPECT_EQ(seen.run.totalSteps, 12);
    EXPECT_EQ(seen.run.tokensSeen, lived.tokensSeen);
    EXPECT_EQ(seen.run.runName, "run");
    EXPECT_EQ(seen.run.lastCheckpointStep, 12);
    EXPECT_EQ(seen.health.size(), kModuleCount);
    EXPECT_EQ(seen.config.inForce->training.seqLen, 24) << "run.yaml says what was in force";
    EXPECT_EQ(seen.events.size(), small.events().size());
    const auto live = stage.boards.metrics.read([](const metrics::MetricBoard& board) { return board.series(); });
    ASSERT_FALSE(seen.series.empty());
    EXPECT_EQ(seen.series.front().latest.size(), live.front().latest.size());
    for (std::size_t i = 0; i < live.front().latest.size(); ++i) {
        EXPECT_EQ(seen.series.front().latest[i].value, live.front().latest[i].value);
    }
}

TEST(Replay, NothingCanBeAskedOfIt)
{
    SmallRun small;
    RunStage(small).work();
    const auto replay = Replay::open(small.output());
    ASSERT_TRUE(replay);
    const auto posted = (*replay)->post(Start {});
    ASSERT_FALSE(posted);
    EXPECT_EQ(posted.error().code, ErrorCode::Refused);
}

TEST(Replay, WhoeverTakesItUpGoesOnFromItsNewestCheckpoint)
{
    SmallRun small;
    RunStage(small).work();
    auto replay = Replay::open(small.output());
    ASSERT_TRUE(replay);
    std::string resumed;
    (*replay)->setResume([&](const Start& start) -> Result<void> {
        resumed = start.resumeFolder;
        return {};
    });
    EXPECT_TRUE((*replay)->post(Start {}));
    EXPECT_EQ(resumed, small.output().string());
    EXPECT_FALSE((*replay)->post(Pause {})) << "there is nothing else to be asked of it";
}

TEST(Replay, ARunThatIsNamedIsGoneOnWithInItsPlace)
{
    SmallRun shown;
    SmallRun opened;
    RunStage(shown).work();
    RunStage(opened).work();
    auto replay = Replay::open(shown.output());
    ASSERT_TRUE(replay);
    std::string resumed;
    (*replay)->setResume([&](const Start& start) -> Result<void> {
        resumed = start.resumeFolder;
        return {};
    });
    EXPECT_TRUE((*replay)->post(Start { .cause = Cause::User, .resumeFolder = opened.output().string() }));
    EXPECT_EQ(resumed, opened.output().string());
    EXPECT_FALSE((*replay)->post(Start { .cause = Cause::User, .resumeFolder = "/nowhere" }));
}

TEST(Replay, WithoutACheckpointThereIsNothingToGoOnFrom)
{
    const TemporaryFolder folder;
    folder.write("metrics.jsonl", "{\"step\":1,\"time\":1,\"ce\":1}\n");
    auto replay = Replay::open(folder.path());
    ASSERT_TRUE(replay);
    (*replay)->setResume([](const Start&) -> Result<void> { return Error { ErrorCode::Internal, "asked all the same", "" }; });
    const auto posted = (*replay)->post(Start {});
    ASSERT_FALSE(posted);
    EXPECT_EQ(posted.error().code, ErrorCode::Refused);
}

TEST(Replay, AFolderWithoutMetricsIsNoRun)
{
    const TemporaryFolder folder;
    const auto replay = Replay::open(folder.path());
    ASSERT_FALSE(replay);
    EXPECT_EQ(replay.error().code, ErrorCode::NotFound);
}

TEST(Replay, WhatWasNotKnownIsAGapOfItsCurve)
{
    const TemporaryFolder folder;
    folder.write("metrics.jsonl",
        "{\"step\":1,\"time\":1,\"ce\":2,\"leak_mb_per_step\":0.5,\"leak_floor\":0.1}\n"
        "{\"step\":2,\"time\":2,\"ce\":null,\"leak_mb_per_step\":null,\"leak_floor\":null}\n");
    const auto replay = Replay::open(folder.path());
    ASSERT_TRUE(replay);
    const auto seen = (*replay)->snapshot();
    ASSERT_EQ(seen.series.size(), 3U);
    for (const auto& series : seen.series) {
        ASSERT_EQ(series.latest.size(), 2U) << metrics::row(series.metric).key;
        EXPECT_TRUE(std::isnan(series.latest[1].value));
        EXPECT_EQ(series.buckets[1].nonFinite, 1);
    }
    EXPECT_EQ(seen.memory.leak.nothingAbove, 0) << "what is not known at the end is not what was known before";
}

TEST(Replay, TheLastReloadGaveBackWhatItsEventSays)
{
    const TemporaryFolder folder;
    folder.write("metrics.jsonl", "{\"step\":9,\"time\":1,\"ce\":1}\n");
    folder.write("events.jsonl",
        "{\"step\":7,\"time\":1,\"kind\":\"reload\",\"cause\":\"interval\",\"before_mb\":190,\"after_mb\":154,\"seconds\":0.2,\"message\":\"\"}\n");
    const auto replay = Replay::open(folder.path());
    ASSERT_TRUE(replay);
    const auto seen = (*replay)->snapshot();
    EXPECT_EQ(seen.reload.lastStep, 7);
    EXPECT_EQ(seen.reload.recoveredBytes, 36 * kMiB);
    EXPECT_EQ(seen.reload.seconds, 0.2);
}

TEST(Replay, ForeignNumbersDoNoHarm)
{
    const TemporaryFolder folder;
    folder.write("metrics.jsonl",
        "{\"step\":1,\"time\":1e300,\"rss_mb\":1e300,\"anonymous_mb\":-1e300,\"tokens\":1e308,\"ce\":1}\n"
        "{\"step\":2,\"time\":2,\"tokens\":1e308}\nnonsense\n");
    folder.write("events.jsonl", "nonsense\n{\"step\":2,\"time\":2,\"kind\":\"fail\",\"message\":\"it broke\"}\n");
    const auto replay = Replay::open(folder.path());
    ASSERT_TRUE(replay);
    const auto seen = (*replay)->snapshot();
    EXPECT_EQ(seen.run.step, 2);
    EXPECT_EQ(seen.run.state, train::RunState::Failed);
    ASSERT_TRUE(seen.run.problem);
    EXPECT_EQ(seen.run.problem->message, "it broke");
}

} // namespace
} // namespace dubito::session
