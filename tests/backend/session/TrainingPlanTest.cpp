// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/session/TrainingPlan.h"

#include "backend/base/Text.h"
#include "backend/model/Bf16Gemm.h"
#include "tests/support/RunStage.h"

#include <gmock/gmock.h>

#include <gtest/gtest.h>

#include <cstdio>
#include <utility>
#include <vector>

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
    std::vector<std::pair<const char*, const char*>> keys {};
};

class PlannedRun : public testing::TestWithParam<Shape> { };

TEST_P(PlannedRun, HoldsWhatThePlanSaysInEveryCategory)
{
    SmallRun small;
    small.folder.write("train.jsonl", longDocuments());
    small.set("training.batch_size", std::to_string(GetParam().batch));
    small.set("training.seq_len", std::to_string(GetParam().length));
    small.set("training.checkpoint_interval", "2");
    small.set("training.steps", "4");
    for (const auto& [key, value] : GetParam().keys) {
        small.set(key, value);
    }
    if (small.config().training.precision == config::Precision::Bf16 && !model::checkBf16Products()) {
        return; // such a run is refused on this processor: PrecisionRun shows it
    }
    RunStage stage(small);
    ASSERT_EQ(stage.work().ending, train::Ending::Done);

    const auto model = modelToPlan(small.config());
    ASSERT_TRUE(model) << toText(model.error());
    const auto planned = planTraining(small.config(), *model, { .threads = 1 }).byCategory();
    const auto counters = stage.pool.counters();
    for (std::size_t i = 0; i < kCategoryCount; ++i) {
        const auto measured = static_cast<double>(counters.peakBytes[i]);
        std::printf("%-12s planned %8lld, measured %8.0f\n", kCategoryWords[i].data(), static_cast<long long>(planned[i]),
            measured);
        // A page beside the tenth: the small blocks of an adapter are rounded up.
        EXPECT_NEAR(static_cast<double>(planned[i]), measured, 0.1 * measured + 4096) << kCategoryWords[i];
    }
}

constexpr std::pair kNarrow { "training.precision", "bf16" };
constexpr std::pair kAgain { "training.gradient_checkpointing", "on" };
constexpr std::pair kAdapter { "training.lora_rank", "8" };
constexpr std::pair kEverywhere { "training.lora_targets", "all-linear" };

INSTANTIATE_TEST_SUITE_P(Grid, PlannedRun,
    testing::Values(Shape { 1, 16 }, Shape { 2, 32 }, Shape { 4, 64, { { "training.checkpointing", "off" } } },
        Shape { 8, 24 }, Shape { 4, 48, { kNarrow } }, Shape { 4, 48, { kAgain } }, Shape { 8, 32, { kNarrow, kAgain } }));
INSTANTIATE_TEST_SUITE_P(GridOfAdapters, PlannedRun,
    testing::Values(Shape { 1, 32, { kAdapter } }, Shape { 4, 32, { kAdapter, kEverywhere } },
        Shape { 4, 48, { kAdapter, { "training.lora_dropout", "0.1" } } }, Shape { 4, 48, { kAdapter, kAgain } },
        Shape { 2, 64, { kAdapter, { "training.frozen_weights", "bf16" } } }, Shape { 4, 48, { kAdapter, kNarrow } },
        Shape { 4, 48, { kAdapter, kEverywhere, kNarrow, kAgain } }));

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
    config::Config config;
    config.model.path = "smollm-135m";
    config.training.batchSize = 16;
    config.training.seqLen = 512;
    const auto model = modelToPlan(config);
    ASSERT_TRUE(model);
    const auto peak = planTraining(config, *model, { .threads = 2 }).peakBytes();
    const auto suggestions = suggestFits(config, *model, 2, peak / 2);
    ASSERT_FALSE(suggestions.empty());
    const auto& first = suggestions.front();
    EXPECT_LE(first.peakBytes, peak / 2);
    EXPECT_LT(first.config.training.batchSize, 16);
    EXPECT_EQ(first.config.training.batchSize * first.config.training.accumulate, 16);
    EXPECT_EQ(first.config.training.seqLen, 512) << "the gentlest change first";
    EXPECT_EQ(planTraining(first.config, *model, { .threads = 2 }).peakBytes(), first.peakBytes);
    ASSERT_GE(suggestions.size(), 2U);
    EXPECT_EQ(suggestions[1].config.training.gradientCheckpointing, config::GradientCheckpointing::On);
    EXPECT_GT(suggestions[1].config.training.batchSize, first.config.training.batchSize) << "layers computed again leave room";
    EXPECT_TRUE(suggestFits(config, *model, 2, kGiB / 4).empty()) << "the parameters alone are more";
}

TEST(TrainingPlan, WhereNoBatchFitsAnAdapterIsSuggested)
{
    config::Config config;
    config.model.path = "smollm-360m";
    const auto model = modelToPlan(config);
    ASSERT_TRUE(model);
    const auto suggestions = suggestFits(config, *model, 2, 3 * kGiB);
    ASSERT_EQ(suggestions.size(), 1U);
    EXPECT_THAT(suggestions[0].flags, HasSubstr("--lora-rank 16"));
    EXPECT_LE(suggestions[0].peakBytes, 3 * kGiB);
}

TEST(TrainingPlan, AutoComputesAgainWhatDoesNotFitAsTheTrainerWill)
{
    config::Config config;
    config.model.path = "smollm-135m";
    const auto model = modelToPlan(config);
    EXPECT_FALSE(isRecomputed(config, *model, { .roomBytes = 8 * kGiB }));
    EXPECT_TRUE(isRecomputed(config, *model, { .roomBytes = 2 * kGiB + kGiB / 4 }));
}

TEST(TrainingPlan, TheProgramTakesLessWhereTheMatrixLibraryIsNeverCalled)
{
    config::Config config;
    config.model.path = "smollm-135m";
    const auto model = modelToPlan(config);
    const auto withLibrary = planTraining(config, *model, {}).programBytes;
    config.training.precision = config::Precision::Bf16;
    const bool isByTiles = model::bf16Support() == model::Bf16Support::Amx;
    EXPECT_EQ(withLibrary - planTraining(config, *model, {}).programBytes, isByTiles ? 8 * kMiB : 0);
}

TEST(TrainingPlan, AStrictBudgetHasNoRoomForACopy)
{
    config::Config config;
    config.model.path = "smollm-135m";
    const auto model = modelToPlan(config);
    const auto withCopy = planTraining(config, *model, {}).peakBytes();
    config.memory.budgetGb = 3;
    EXPECT_LT(planTraining(config, *model, {}).peakBytes(), withCopy);
    EXPECT_LE(planTraining(config, *model, {}).tensorBytes(), 3 * kGiB);
}

TEST(TrainingPlan, AModelThatNobodyKnowsIsRefusedWithTheKnownOnes)
{
    config::Config config;
    config.model.path = "gpt-5";
    const auto model = modelToPlan(config);
    ASSERT_FALSE(model);
    EXPECT_EQ(model.error().code, ErrorCode::NotFound);
    EXPECT_THAT(toText(model.error()), testing::AllOf(HasSubstr("gpt-5"), HasSubstr("smollm-135m")));
}

} // namespace
} // namespace dubito::session
