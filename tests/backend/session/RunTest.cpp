// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/session/Run.h"

#include "backend/train/CheckpointFolder.h"
#include "tests/support/RunStage.h"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

namespace dubito::session {
namespace {

using metrics::Metric;
using train::Ending;
using train::RunState;

std::vector<std::pair<std::int64_t, double>> uninterrupted()
{
    SmallRun small;
    RunStage(small).work();
    return small.curve();
}

TEST(Run, TrainsAllItsStepsAndLeavesAWholeRunFolder)
{
    SmallRun small;
    RunStage stage(small);
    const auto status = stage.work();
    EXPECT_EQ(status.state, RunState::Finished) << (status.problem ? toText(*status.problem) : "");
    EXPECT_EQ(status.ending, Ending::Done);
    EXPECT_EQ(status.step, 12);
    EXPECT_EQ(status.totalSteps, 12);
    EXPECT_EQ(status.runName, "run");
    EXPECT_GT(status.tokensSeen, 0);
    EXPECT_EQ(small.curve().size(), 12U);
    EXPECT_EQ(small.curve(Metric::Validation).size(), 3U) << "after steps 5, 10 and the last";
    for (const char* name : { "checkpoint-12", "final", "checkpoint-best", "metrics.jsonl", "events.jsonl", "run.yaml" }) {
        EXPECT_TRUE(std::filesystem::exists(small.output() / name)) << name;
    }
    EXPECT_TRUE(small.story().starts_with("start ")) << small.story();
    EXPECT_TRUE(small.story().ends_with(" checkpoint finish")) << small.story();
    EXPECT_LT(small.curve().back().second, small.curve().front().second) << "it learns";
}

/// What is held out has nothing in common with what is trained: the more one learns, the less one expects it.
void makeWorseAndWorse(SmallRun& small)
{
    small.folder.write("val.jsonl", "{\"text\": \"Zq@xx ~~ 77 %% QQ {zz} Vx##kk\", \"auth_weight\": 0.1, \"prov_entropy\": 2}\n");
    small.set("training.steps", "40");
    small.set("training.evaluation_interval", "2");
    small.set("training.learning_rate", "0.02");
    small.set("training.warmup_steps", "0");
    small.set("training.early_stop_patience", "3");
}

TEST(Run, EndsEarlyWhenTheHeldOutLossIsNotBetteredAndKeepsTheBestCheckpoint)
{
    SmallRun small;
    makeWorseAndWorse(small);
    RunStage stage(small);
    const auto status = stage.work();
    EXPECT_EQ(status.ending, Ending::Done) << (status.problem ? toText(*status.problem) : "");
    const auto losses = small.curve(Metric::Validation);
    const auto best = std::ranges::min_element(losses, {}, &std::pair<std::int64_t, double>::second);
    ASSERT_NE(best, losses.end());
    EXPECT_EQ(losses.end() - best, 4) << "the best one, and three that are not better";
    EXPECT_EQ(status.step, losses.back().first);
    EXPECT_LT(status.step, 40);
    EXPECT_EQ(train::linkedStep(small.output(), train::CheckpointLink::Best), best->first);
    EXPECT_EQ(small.events().back().cause, "early_stop");
    EXPECT_NE(small.events().back().text.find("no better than"), std::string::npos) << small.events().back().text;
}

TEST(Run, ARunThatHasEndedEarlyIsOverWhenItIsResumed)
{
    SmallRun small;
    makeWorseAndWorse(small);
    const auto step = RunStage(small).work().step;
    RunStage again(small);
    const auto status = again.work(Resuming::Yes);
    EXPECT_EQ(status.ending, Ending::Done) << (status.problem ? toText(*status.problem) : "");
    EXPECT_EQ(status.step, step);
    EXPECT_EQ(static_cast<std::int64_t>(small.curve().size()), step);
}

TEST(Run, WithoutPatienceItTrainsAllItsStepsHoweverBadTheyAre)
{
    SmallRun small;
    makeWorseAndWorse(small);
    small.set("training.early_stop_patience", "0");
    EXPECT_EQ(RunStage(small).work().step, 40);
}

TEST(Run, WhenItIsOverItHoldsNothing)
{
    SmallRun small;
    RunStage stage(small);
    stage.work();
    EXPECT_EQ(stage.pool.active(), 0);
    EXPECT_EQ(stage.pool.cache(), 0);
    EXPECT_EQ(stage.boards.tally.bytes(Category::Data), 0);
}

TEST(Run, EveryLineOfTheMetricsHasTheNumbersOfItsStep)
{
    SmallRun small;
    RunStage(small).work();
    std::int64_t step = 0;
    for (const auto& line : small.metricsLines()) {
        EXPECT_EQ(line.step, ++step);
        for (const Metric metric : { Metric::CrossEntropy, Metric::WeightedCrossEntropy, Metric::DistrustTerm,
                 Metric::PublishedTotal, Metric::LearningRate, Metric::GradientNorm, Metric::Tokens,
                 Metric::EffectiveSampleSize, Metric::Resident, Metric::Active } ) {
            EXPECT_TRUE(std::ranges::any_of(line.values, [&](const auto& value) { return value.first == metric; }))
                << metrics::row(metric).key << " in step " << step;
        }
    }
}

TEST(Run, ReloadsLeaveTheCurveAsItIsBitForBit)
{
    const auto expected = uninterrupted();
    ASSERT_EQ(expected.size(), 12U);
    SmallRun small;
    small.set("training.reload_interval_steps", "3");
    RunStage stage(small);
    EXPECT_EQ(stage.work().ending, Ending::Done);
    EXPECT_EQ(small.curve(), expected);
    const auto status = stage.boards.reload.copy();
    EXPECT_GE(status.planned, 3);
    EXPECT_EQ(status.unplanned, 0);
    EXPECT_EQ(status.lastCause, reload::ReloadCause::Interval);
    EXPECT_EQ(status.lastOutcome, reload::Outcome::Ok);
    EXPECT_EQ(status.stepsLost, 0);
}

TEST(Run, AStopSavesAndAResumeGoesOnWithTheSameCurve)
{
    const auto expected = uninterrupted();
    SmallRun small;
    {
        RunStage stage(small);
        int looks = 0;
        stage.probe.onProcess = [&] {
            if (++looks == 9) {
                EXPECT_TRUE(stage.commands.push(Stop { Cause::User }));
            }
            return 300 * kMiB;
        };
        const auto status = stage.work();
        EXPECT_EQ(status.ending, Ending::Stopped);
        ASSERT_GT(status.step, 0);
        ASSERT_LT(status.step, 12);
        EXPECT_EQ(status.lastCheckpointStep, status.step);
        EXPECT_EQ(small.curve().size(), static_cast<std::size_t>(status.step));
    }
    RunStage stage(small);
    EXPECT_EQ(stage.work(Resuming::Yes).ending, Ending::Done);
    EXPECT_EQ(small.curve(), expected);
    EXPECT_NE(small.story().find("resume"), std::string::npos);
    const auto series = stage.boards.metrics.read([](const metrics::MetricBoard& board) { return board.series(); });
    EXPECT_EQ(series.front().latest.size(), 12U) << "the window shows the whole run";
}

TEST(Run, AKilledRunGoesOnFromItsLastCheckpointAndItsLaterLinesAreCut)
{
    const auto expected = uninterrupted();
    SmallRun small;
    small.set("training.checkpoint_interval", "4").set("training.save_total_limit", "20");
    RunStage(small).work();
    // As a kill during step 12 would have left it: no checkpoint after step 8, and half a line.
    std::filesystem::remove(small.output() / "final");
    std::filesystem::remove(small.output() / "checkpoint-best");
    for (const auto& entry : std::filesystem::directory_iterator(small.output())) {
        const auto name = entry.path().filename().string();
        if (name == "checkpoint-12" || name == "checkpoint-10") {
            std::filesystem::remove_all(entry.path());
        }
    }
    std::ofstream(small.output() / "metrics.jsonl", std::ios::app) << R"({"step":13,"ce":1.2)";
    RunStage stage(small);
    EXPECT_EQ(stage.work(Resuming::Yes).ending, Ending::Done);
    EXPECT_EQ(small.curve(), expected);
}

TEST(Run, AResumeOfAFinishedRunIsDoneAndAddsNoStep)
{
    SmallRun small;
    RunStage(small).work();
    const auto before = small.curve();
    const auto status = RunStage(small).work(Resuming::Yes);
    EXPECT_EQ(status.ending, Ending::Done);
    EXPECT_EQ(status.step, 12);
    EXPECT_EQ(small.curve(), before);
}

TEST(Run, AResumeWithNothingToResumeBeginsAtStepZero)
{
    SmallRun small;
    small.folder.write("run/metrics.jsonl", "{\"step\":3,\"ce\":1,\"time\":1}\n");
    EXPECT_EQ(RunStage(small).work(Resuming::Yes).ending, Ending::Done);
    EXPECT_EQ(small.curve().front().first, 1);
    EXPECT_EQ(small.curve().size(), 12U);
}

TEST(Run, AUsedFolderIsRefusedWithoutResumeAndTheOldRunIsNotTouched)
{
    SmallRun small;
    RunStage(small).work();
    const auto before = small.story();
    RunStage stage(small);
    const auto status = stage.work();
    EXPECT_EQ(status.state, RunState::Failed);
    ASSERT_TRUE(status.problem);
    EXPECT_EQ(status.problem->code, ErrorCode::Usage);
    EXPECT_EQ(small.story(), before);
}

TEST(Run, ASecondRunThatIsRefusedWritesNothingIntoTheEventsOfTheFirst)
{
    SmallRun small;
    RunStage stage(small);
    stage.work();
    const auto before = small.story();
    EXPECT_EQ(stage.work().state, RunState::Failed) << "the folder is used now";
    EXPECT_EQ(small.story(), before);
}

TEST(Run, ACheckpointOfOtherDataIsNotGoneOnWith)
{
    SmallRun small;
    RunStage(small).work();
    small.folder.write("train.jsonl", SmallRun::corpus(23));
    const auto status = RunStage(small).work(Resuming::Yes);
    EXPECT_EQ(status.state, RunState::Failed);
    ASSERT_TRUE(status.problem);
    EXPECT_EQ(status.problem->code, ErrorCode::Data);
}

/// So long that the working memory for two of them is no part of what short ones have left over.
std::string longDocuments(int count)
{
    std::string text;
    for (int i = 0; i < count; ++i) {
        text += R"({"id":"long","text":")";
        for (int word = 0; word < 1000; ++word) {
            text += " water";
        }
        text += "\"}\n";
    }
    return text;
}

/// Calls back whenever somebody asks for the time of day, which every event does.
class EventClock final : public Clock {
public:
    std::chrono::nanoseconds now() const override { return m_clock.now(); }
    std::chrono::system_clock::time_point wall() const override
    {
        if (onEvent) {
            onEvent();
        }
        return m_clock.wall();
    }

    std::function<void()> onEvent;

private:
    SystemClock m_clock;
};

TEST(Run, AnEvaluationThatFindsNoMemoryShrinksTheBatchAndLosesNoLine)
{
    SmallRun small;
    small.folder.write("small/config.json", SmallRun::modelConfig(2361, 2048));
    small.set("training.batch_size", "4").set("training.evaluation_interval", "1").set("training.seq_len", "1024");
    // Held-out documents are much longer than all others: they do not fit into what those need.
    small.folder.write("val.jsonl", longDocuments(2));
    EventClock clock;
    RunStage stage(small, clock);
    int looks = 0;
    stage.probe.onProcess = [&] {
        // The third look is that between the first step and its evaluation.
        if (++looks == 3) {
            stage.pool.setLimits({ .budgetBytes = stage.pool.counters().mapped, .cacheBytes = 0 });
            clock.onEvent = [&] { stage.pool.setLimits({}); };
        }
        return 300 * kMiB;
    };
    const auto status = stage.work();
    EXPECT_EQ(status.ending, Ending::Done) << (status.problem ? toText(*status.problem) : "");
    EXPECT_NE(small.story().find("batch_reduced"), std::string::npos) << small.story();
    EXPECT_EQ(small.curve().size(), 12U);
    EXPECT_EQ(small.curve(Metric::Validation).size(), 12U);
}

TEST(Run, WithCheckpointingOffADueReloadIsSkippedAndSaidOnce)
{
    SmallRun small;
    small.set("training.checkpointing", "off").set("training.reload_interval_steps", "2");
    RunStage stage(small);
    testing::internal::CaptureStderr();
    const auto status = stage.work();
    const std::string said = testing::internal::GetCapturedStderr();
    EXPECT_EQ(status.ending, Ending::Done);
    EXPECT_NE(said.find("⚠️ Warning: Skipping model reload because checkpointing is disabled\n"
                        "   Enable checkpointing in config to use memory-reset reloads."),
        std::string::npos)
        << said;
    EXPECT_EQ(said.find("Skipping"), said.rfind("Skipping")) << "it is not said at every step";
    EXPECT_EQ(stage.boards.reload.copy().lastOutcome, reload::Outcome::Skipped);
    for (const auto& entry : std::filesystem::directory_iterator(small.output())) {
        EXPECT_FALSE(entry.path().filename().string().starts_with("checkpoint")) << entry.path();
    }
}

TEST(Run, ALossThatIsNotANumberFailsWithTheDocumentsNamed)
{
    SmallRun small;
    // The weights of a run of one step, the last of them so large that its products are no number.
    small.set("training.steps", "1").set("training.warmup_steps", "0");
    RunStage(small).work();
    std::ostringstream weights;
    weights << std::ifstream(small.output() / "final/model.safetensors", std::ios::binary).rdbuf();
    std::string bytes = weights.str();
    bytes.replace(bytes.size() - 4, 4, "\xff\xff\x7f\x7f", 4);
    small.folder.write("small/model.safetensors", bytes);
    std::filesystem::remove_all(small.output());
    const auto status = RunStage(small).work();
    EXPECT_EQ(status.state, RunState::Failed);
    EXPECT_EQ(status.ending, Ending::Failed);
    ASSERT_TRUE(status.problem);
    EXPECT_EQ(status.problem->code, ErrorCode::Diverged);
    EXPECT_NE(status.problem->message.find("there is no checkpoint yet"), std::string::npos) << status.problem->message;
    EXPECT_TRUE(small.story().ends_with(" fail")) << small.story();
}

TEST(Run, AStrictBudgetShrinksTheBatchAndTheEffectiveBatchStays)
{
    SmallRun small;
    small.folder.write("small/config.json", SmallRun::modelConfig(2361, 2048));
    small.folder.write("train.jsonl", longDocuments(8));
    small.set("training.batch_size", "8").set("training.seq_len", "500").set("training.steps", "4");
    std::vector<std::pair<std::int64_t, double>> expected;
    {
        RunStage stage(small);
        stage.work();
        expected = small.curve();
    }
    std::filesystem::remove_all(small.output());
    EventClock clock;
    RunStage stage(small, clock);
    int looks = 0;
    stage.probe.onProcess = [&] {
        // The second look is that at the fresh model: what a step needs beyond it is refused until the batch is smaller.
        if (++looks == 2) {
            stage.pool.setLimits({ .budgetBytes = stage.pool.counters().mapped, .cacheBytes = 0 });
            clock.onEvent = [&] {
                if (stage.boards.events.newestId() > 0) { // the event after that of the start
                    stage.pool.setLimits({});
                }
            };
        }
        return 300 * kMiB;
    };
    const auto status = stage.work();
    EXPECT_EQ(status.ending, Ending::Done) << (status.problem ? toText(*status.problem) : "");
    EXPECT_NE(small.story().find("batch_reduced"), std::string::npos) << small.story();
    const auto curve = small.curve();
    ASSERT_EQ(curve.size(), expected.size());
    for (std::size_t i = 0; i < curve.size(); ++i) {
        EXPECT_NEAR(curve[i].second, expected[i].second, 1e-4) << i;
    }
}

} // namespace
} // namespace dubito::session
