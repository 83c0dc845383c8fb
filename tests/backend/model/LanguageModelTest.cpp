// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/model/LanguageModel.h"

#include "backend/model/Footprint.h"
#include "tests/backend/model/CountingMemory.h"
#include "tests/backend/model/GradientCheck.h"
#include "tests/support/SmallModel.h"

#include <gtest/gtest.h>

#include <cmath>
#include <utility>

namespace dubito::model {
namespace {

template <typename Scalar>
struct Trial {
    explicit Trial(const ModelConfig& config, int threads = 1, const ModelOptions& options = {})
        : parallel(threads)
        , model(*LanguageModel<Scalar>::create(config, memory, parallel, options))
        , parameters(static_cast<std::size_t>(model.layout().blockSize()))
        , gradients(parameters.size())
    {
        Random random(3);
        for (const Parameter& parameter : model.layout().parameters()) {
            for (std::int64_t i = 0; i < parameter.count; ++i) {
                const double base = parameter.isNormOrBias && parameter.shape.size() == 1 ? 0.7 : 0.0;
                parameters[static_cast<std::size_t>(parameter.offset + i)]
                    = static_cast<Scalar>(base + 0.2 * random.normal());
            }
        }
        model.narrowAgain(parameters);
        for (auto& id : ids) {
            id = static_cast<std::int32_t>(random.below(static_cast<std::uint64_t>(config.vocabulary)));
        }
    }

    TokenBatch batch() const { return { 3, 9, ids, lengths, targets }; }

    double loss()
    {
        EXPECT_TRUE(model.loss(parameters, batch(), losses));
        double sum = 0;
        for (std::size_t b = 0; b < losses.size(); ++b) {
            sum += static_cast<double>(coefficients[b]) * losses[b].crossEntropySum;
        }
        return sum;
    }

    void backward()
    {
        std::ranges::fill(gradients, Scalar { 0 });
        EXPECT_TRUE(model.lossAndGradients(parameters, batch(), coefficients, losses, gradients));
    }

    CountingMemory memory;
    Parallel parallel;
    LanguageModel<Scalar> model;
    std::vector<Scalar> parameters;
    std::vector<Scalar> gradients;
    std::vector<std::int32_t> ids = std::vector<std::int32_t>(27);
    std::vector<std::int64_t> lengths { 9, 4, 7 };
    std::vector<std::uint8_t> targets;
    std::vector<Scalar> coefficients { Scalar { 0.25 }, Scalar { 1 }, Scalar { 0.5 } };
    std::vector<SequenceLoss> losses = std::vector<SequenceLoss>(3);
};

void expectAllGradients(Trial<double>& trial)
{
    trial.backward();
    for (const Parameter& parameter : trial.model.layout().parameters()) {
        const auto first = trial.parameters.begin() + parameter.offset;
        Numbers kept(first, first + parameter.count);
        const auto gradient = trial.gradients.begin() + parameter.offset;
        expectGradient(parameter.name, kept, Numbers(gradient, gradient + parameter.count), [&] {
            std::ranges::copy(kept, first);
            return trial.loss();
        });
        std::ranges::copy(kept, first);
    }
}

TEST(LanguageModel, EveryGradientOfATiedModelIsThatOfCentralDifferences)
{
    Trial<double> trial(smallConfig());
    expectAllGradients(trial);
}

TEST(LanguageModel, EveryGradientOfAModelWithBiasesIsThatOfCentralDifferences)
{
    Trial<double> trial(withEveryBias());
    expectAllGradients(trial);
}

TEST(LanguageModel, GradientsOfACompletionCountItsTargetsAlone)
{
    Trial<double> trial(smallConfig());
    trial.targets.assign(27, 0);
    for (const std::size_t target : { 5U, 6U, 9U + 3U, 18U + 2U, 18U + 8U }) { // the last lies in the padding
        trial.targets[target] = 1;
    }
    expectAllGradients(trial);
    EXPECT_EQ(trial.losses[0].targets, 2);
    EXPECT_EQ(trial.losses[1].targets, 1);
    EXPECT_EQ(trial.losses[2].targets, 1);
}

TEST(LanguageModel, WhatStandsInThePaddingChangesNothing)
{
    Trial<float> trial(smallConfig());
    trial.backward();
    const auto before = trial.gradients;
    trial.ids[9 + 4] = -7;
    trial.ids[26] = 1000000;
    trial.backward();
    EXPECT_EQ(trial.gradients, before);
}

TEST(LanguageModel, LossAloneIsTheLossOfTheGradientPass)
{
    Trial<float> trial(smallConfig());
    trial.backward();
    const double sum = trial.losses[2].crossEntropySum;
    trial.loss();
    EXPECT_EQ(trial.losses[2].crossEntropySum, sum);
    EXPECT_EQ(trial.losses[0].targets, 8);
}

TEST(LanguageModel, TheSameThreadsGiveTheSameBits)
{
    Trial<float> first(smallConfig(), 2);
    Trial<float> second(smallConfig(), 2);
    first.backward();
    for (int i = 0; i < 20; ++i) {
        second.backward();
        ASSERT_EQ(first.gradients, second.gradients);
    }
}

TEST(LanguageModel, TwoThreadsAgreeWithOne)
{
    Trial<double> one(withEveryBias(), 1);
    Trial<double> two(withEveryBias(), 2);
    one.backward();
    two.backward();
    for (std::size_t i = 0; i < one.gradients.size(); ++i) {
        ASSERT_NEAR(one.gradients[i], two.gradients[i], 1e-12);
    }
}

constexpr ModelOptions kRecomputing { .recompute = Recompute::On };
constexpr ModelOptions kNarrow { .products = Products::Bf16 };

TEST(LanguageModel, RecomputedLayersGiveTheSameGradientsBitForBit)
{
    ModelConfig config = withEveryBias();
    config.layers = 4;
    for (const int threads : { 1, 2 }) {
        for (const Products products : { Products::Full, Products::Bf16 }) {
            Trial<float> kept(config, threads, { .products = products });
            Trial<float> again(config, threads, { .recompute = Recompute::On, .products = products });
            for (int i = 0; i < 2; ++i) {
                kept.backward();
                again.backward();
                EXPECT_EQ(kept.gradients, again.gradients);
                EXPECT_EQ(kept.losses[0].crossEntropySum, again.losses[0].crossEntropySum);
            }
            EXPECT_LT(again.memory.active, kept.memory.active);
        }
    }
}

TEST(LanguageModel, EveryGradientOfRecomputedLayersIsThatOfCentralDifferences)
{
    Trial<double> trial(smallConfig(), 1, kRecomputing);
    expectAllGradients(trial);
}

double norm(const std::vector<float>& values)
{
    double sum = 0;
    for (const float value : values) {
        sum += static_cast<double>(value) * static_cast<double>(value);
    }
    return std::sqrt(sum);
}

TEST(LanguageModel, Bf16ProductsAgreeWithFloatsToTheirPrecision)
{
    for (const ModelConfig& config : { smallConfig(), withEveryBias() }) {
        for (const int threads : { 1, 2 }) {
            Trial<float> full(config, threads);
            Trial<float> narrow(config, threads, kNarrow);
            full.backward();
            narrow.backward();
            for (std::size_t b = 0; b < 3; ++b) {
                EXPECT_NEAR(narrow.losses[b].crossEntropySum, full.losses[b].crossEntropySum,
                    0.01 * full.losses[b].crossEntropySum);
            }
            std::vector<float> difference(full.gradients);
            for (std::size_t i = 0; i < difference.size(); ++i) {
                difference[i] -= narrow.gradients[i];
            }
            EXPECT_LT(norm(difference), 0.03 * norm(full.gradients));
            EXPECT_GT(norm(difference), 0) << "the products did not run in BF16";
        }
    }
}

TEST(LanguageModel, Bf16ProductsGiveTheSameBitsEachTimeAndForgetEarlierBatches)
{
    Trial<float> first(smallConfig(), 2, kNarrow);
    Trial<float> second(smallConfig(), 2, kNarrow);
    second.backward();
    const auto lengths = std::exchange(second.lengths, { 2, 9, 1 });
    second.backward();
    second.lengths = lengths;
    first.backward();
    second.backward();
    EXPECT_EQ(first.gradients, second.gradients);
}

TEST(LanguageModel, Bf16ProductsSeeNewParametersOnceTheyAreNarrowedAgain)
{
    Trial<float> trial(smallConfig(), 1, kNarrow);
    const double before = trial.loss();
    for (float& value : trial.parameters) {
        value *= 1.5F;
    }
    trial.model.narrowAgain(trial.parameters);
    const double after = trial.loss();
    EXPECT_NE(before, after);
    ASSERT_EQ(trial.model.narrowParameters().size(), trial.parameters.size());
    EXPECT_EQ(trial.model.narrowParameters()[5], rounded(trial.parameters[5]));
}

TEST(LanguageModel, GradientsAreAddedToWhatIsThere)
{
    Trial<double> trial(smallConfig());
    trial.backward();
    const auto once = trial.gradients;
    EXPECT_TRUE(trial.model.lossAndGradients(
        trial.parameters, trial.batch(), trial.coefficients, trial.losses, trial.gradients));
    for (std::size_t i = 0; i < once.size(); ++i) {
        ASSERT_NEAR(trial.gradients[i], 2 * once[i], 1e-12);
    }
}

TEST(LanguageModel, ThePaddingBetweenTensorsKeepsNoGradient)
{
    Trial<float> trial(withEveryBias());
    trial.backward();
    for (const Parameter& parameter : trial.model.layout().parameters()) {
        std::fill_n(trial.gradients.begin() + parameter.offset, parameter.count, 0.0F);
    }
    EXPECT_EQ(trial.gradients, std::vector<float>(trial.gradients.size(), 0.0F));
}

TEST(LanguageModel, AStepOfAKnownShapeTakesNoMemory)
{
    Trial<float> trial(smallConfig());
    trial.backward();
    const int before = trial.memory.allocations;
    for (int i = 0; i < 3; ++i) {
        trial.backward();
        trial.loss();
    }
    EXPECT_EQ(trial.memory.allocations, before);
}

TEST(LanguageModel, WorkingMemoryIsGivenBackWhenAsked)
{
    Trial<float> trial(smallConfig());
    trial.backward();
    trial.model.releaseWorkingMemory();
    EXPECT_EQ(trial.memory.active, 0);
    const auto before = trial.gradients;
    trial.backward();
    EXPECT_EQ(trial.gradients, before);
}

TEST(LanguageModel, ARefusedAllocationLeavesTheGradientsAlone)
{
    CountingMemory memory(1000);
    Parallel parallel(1);
    auto model = *LanguageModel<float>::create(smallConfig(), memory, parallel);
    const std::vector<float> parameters(static_cast<std::size_t>(model.layout().blockSize()), 0.1F);
    std::vector<float> gradients(parameters.size(), 7.0F);
    const std::vector<std::int32_t> ids { 1, 2, 3 };
    const std::vector<std::int64_t> lengths { 3 };
    const std::vector<float> coefficients { 1 };
    std::vector<SequenceLoss> losses(1);
    const auto done
        = model.lossAndGradients(parameters, { 1, 3, ids, lengths, {} }, coefficients, losses, gradients);
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code, ErrorCode::Memory);
    EXPECT_EQ(gradients, std::vector<float>(parameters.size(), 7.0F));
}

TEST(LanguageModel, AnIdOutsideTheVocabularyIsRefusedInASentence)
{
    Trial<float> trial(smallConfig());
    trial.ids[1] = 31;
    const auto done = trial.model.loss(trial.parameters, trial.batch(), trial.losses);
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code, ErrorCode::Model);
    EXPECT_NE(done.error().message.find("31"), std::string::npos);
}

TEST(LanguageModel, SequencesWithoutATargetCostNothing)
{
    Trial<float> trial(smallConfig());
    trial.lengths = { 1, 0, 1 };
    trial.backward();
    EXPECT_EQ(trial.losses[0].targets, 0);
    EXPECT_EQ(trial.losses[0].crossEntropySum, 0);
    EXPECT_EQ(trial.gradients, std::vector<float>(trial.gradients.size(), 0.0F));
}

TEST(LanguageModel, LogitsAgreeWithTheLoss)
{
    Trial<double> trial(smallConfig());
    Numbers logits(27 * 31);
    ASSERT_TRUE(trial.model.logits(trial.parameters, trial.batch(), logits));
    trial.loss();
    double wanted = 0;
    for (std::size_t t = 0; t < 3; ++t) { // sample 1 has four tokens
        const auto row = logits.begin() + static_cast<std::ptrdiff_t>((9 + t) * 31);
        double sum = 0;
        for (int v = 0; v < 31; ++v) {
            sum += std::exp(row[v]);
        }
        wanted += std::log(sum) - row[trial.ids[9 + t + 1]];
    }
    EXPECT_NEAR(trial.losses[1].crossEntropySum, wanted, 1e-9);
}

} // namespace
} // namespace dubito::model
