// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/session/TrainingPlan.h"

#include "backend/base/Text.h"
#include "tests/support/RunStage.h"

#include <gmock/gmock.h>

#include <gtest/gtest.h>

namespace dubito::session {
namespace {

using testing::HasSubstr;

/// Documents that fill every place of a batch.
std::string longDocuments()
{
    std::string words;
    for (int i = 0; i < 120; ++i) {
        words += fmt::format("word {} of the river ", i * 37 % 101);
    }
    std::string corpus;
    for (int i = 0; i < 8; ++i) {
        corpus += fmt::format(R"({{"id":"d{}","text":"{}","auth_weight":0.1,"prov_entropy":5}})", i, words) + "\n";
    }
    return corpus;
}

struct Shape {
    int batch;
    int length;
    const char* checkpointing;
};

class PlannedRun : public testing::TestWithParam<Shape> { };

TEST_P(PlannedRun, HoldsWhatThePlanSaysInEveryCategory)
{
    SmallRun small;
    small.folder.write("train.jsonl", longDocuments());
    small.set("training.batch_size", std::to_string(GetParam().batch));
    small.set("training.seq_len", std::to_string(GetParam().length));
    small.set("training.checkpointing", GetParam().checkpointing);
    small.set("training.checkpoint_interval", "2");
    small.set("training.steps", "4");
    RunStage stage(small);
    ASSERT_EQ(stage.work().ending, train::Ending::Done);

    const auto model = modelToPlan((small.folder.path() / "small").string());
    ASSERT_TRUE(model);
    const auto planned = planTraining(small.config(), *model, 1).byCategory();
    const auto counters = stage.pool.counters();
    for (std::size_t i = 0; i < kCategoryCount; ++i) {
        const auto measured = static_cast<double>(counters.peakBytes[i]);
        EXPECT_NEAR(static_cast<double>(planned[i]), measured, 0.1 * measured) << kCategoryWords[i];
    }
}

INSTANTIATE_TEST_SUITE_P(Grid, PlannedRun,
    testing::Values(Shape { 1, 16, "on" }, Shape { 2, 32, "on" }, Shape { 4, 64, "off" }, Shape { 8, 24, "on" }));

memory::MachineMemory machineOf(std::int64_t total, std::int64_t available)
{
    memory::MachineMemory machine;
    machine.total = total;
    machine.available = available;
    return machine;
}

TEST(TrainingPlan, ABudgetIsTheAllowance)
{
    config::Memory memory;
    memory.budgetGb = 2;
    EXPECT_EQ(allowanceOf(memory, machineOf(24 * kGiB, 20 * kGiB)).bytes, 2 * kGiB);
}

TEST(TrainingPlan, WithoutOneTheMachineLendsWhatIsLeftBeforeAPause)
{
    config::Memory memory;
    memory.pauseAvailableGb = 2;
    memory.abortAvailableGb = 1;
    EXPECT_EQ(allowanceOf(memory, machineOf(100 * kGiB, 20 * kGiB)).bytes, 18 * kGiB);
    EXPECT_EQ(allowanceOf(memory, machineOf(20 * kGiB, 19 * kGiB)).bytes, 16 * kGiB) << "80 % of the machine";
    EXPECT_EQ(allowanceOf(memory, machineOf(20 * kGiB, 1 * kGiB)).bytes, 0);
}

TEST(TrainingPlan, SuggestsSmallerBatchesWithTheSameEffectiveOne)
{
    const auto model = modelToPlan("smollm-135m");
    ASSERT_TRUE(model);
    config::Config config;
    config.training.batchSize = 16;
    config.training.seqLen = 512;
    const auto peak = planTraining(config, *model, 2).peakBytes();
    const auto suggestions = suggestFits(config, *model, 2, peak / 2);
    ASSERT_FALSE(suggestions.empty());
    const auto& first = suggestions.front();
    EXPECT_LE(first.peakBytes, peak / 2);
    EXPECT_LT(first.config.training.batchSize, 16);
    EXPECT_EQ(first.config.training.batchSize * first.config.training.accumulate, 16);
    EXPECT_EQ(first.config.training.seqLen, 512) << "the gentlest change first";
    EXPECT_EQ(planTraining(first.config, *model, 2).peakBytes(), first.peakBytes);
    EXPECT_TRUE(suggestFits(config, *model, 2, kGiB / 4).empty()) << "the parameters alone are more";
}

TEST(TrainingPlan, AStrictBudgetHasNoRoomForACopy)
{
    const auto model = modelToPlan("smollm-135m");
    config::Config config;
    const auto withCopy = planTraining(config, *model, 1).peakBytes();
    config.memory.budgetGb = 3;
    EXPECT_LT(planTraining(config, *model, 1).peakBytes(), withCopy);
    EXPECT_LE(planTraining(config, *model, 1).tensorBytes(), 3 * kGiB);
}

TEST(TrainingPlan, AModelThatNobodyKnowsIsRefusedWithTheKnownOnes)
{
    const auto model = modelToPlan("gpt-5");
    ASSERT_FALSE(model);
    EXPECT_EQ(model.error().code, ErrorCode::NotFound);
    EXPECT_THAT(toText(model.error()), testing::AllOf(HasSubstr("gpt-5"), HasSubstr("smollm-135m")));
}

} // namespace
} // namespace dubito::session
