// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/model/Lora.h"

#include "backend/model/FrozenWeights.h"
#include "backend/model/LanguageModel.h"
#include "tests/backend/model/CountingMemory.h"
#include "tests/backend/model/GradientCheck.h"
#include "tests/support/SmallModel.h"

#include <gtest/gtest.h>

namespace dubito::model {
namespace {

LoraConfig loraOn(std::string_view targets, double dropout = 0)
{
    LoraConfig lora;
    lora.rank = 3;
    lora.alpha = 5;
    lora.dropout = dropout;
    lora.targets = *parseLoraTargets(targets);
    return lora;
}

/// A small model with an adapter whose every number is random.
struct Trial {
    Trial(const LoraConfig& lora, FrozenStorage storage = FrozenStorage::Full, int threads = 1)
        : parallel(threads)
        , base(*FrozenWeights<double>::create(smallConfig(), storage, memory))
    {
        base.initialise(smallConfig(), 7);
        model.emplace(*LanguageModel<double>::createAdapted(smallConfig(), lora, base, {}, memory, parallel));
        parameters = randomNumbers(model->layout().blockSize(), 5);
        gradients.resize(parameters.size());
        for (auto& id : ids) {
            id = static_cast<std::int32_t>((&id - ids.data()) * 7 % 31);
        }
        seeds = { 11, 12, 13 };
    }

    TokenBatch batch() const { return { 3, 9, ids, lengths, {}, seeds }; }

    /// With dropout as in training: a pass for gradients whose gradients nobody reads.
    double loss()
    {
        Numbers ignored(gradients.size());
        EXPECT_TRUE(model->lossAndGradients(parameters, batch(), coefficients, losses, ignored));
        double sum = 0;
        for (std::size_t b = 0; b < losses.size(); ++b) {
            sum += coefficients[b] * losses[b].crossEntropySum;
        }
        return sum;
    }

    void expectGradients(const std::string& what)
    {
        EXPECT_TRUE(model->lossAndGradients(parameters, batch(), coefficients, losses, gradients));
        expectGradient(what, parameters, gradients, [&] { return loss(); });
    }

    CountingMemory memory;
    Parallel parallel;
    FrozenWeights<double> base;
    std::optional<LanguageModel<double>> model;
    Numbers parameters;
    Numbers gradients;
    std::vector<std::int32_t> ids = std::vector<std::int32_t>(27);
    std::vector<std::int64_t> lengths { 9, 4, 7 };
    std::vector<std::uint64_t> seeds;
    Numbers coefficients { 0.03, 0.07, 0.05 };
    std::vector<SequenceLoss> losses { 3 };
};

TEST(Lora, GradientsAreCentralDifferencesForEveryProjectionAloneAndForAll)
{
    for (const char* targets : { "q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj",
             "q_proj v_proj", "o_proj down_proj", "all-linear" }) {
        Trial(loraOn(targets)).expectGradients(targets);
    }
}

TEST(Lora, GradientsAreCentralDifferencesWithDropoutToo)
{
    Trial(loraOn("all-linear", 0.4)).expectGradients("dropout");
    Trial(loraOn("all-linear", 0.4), FrozenStorage::Full, 2).expectGradients("dropout, 2 threads");
}

TEST(Lora, GradientsAreCentralDifferencesOverBf16Weights)
{
    Trial(loraOn("all-linear"), FrozenStorage::Bf16, 2).expectGradients("BF16");
}

TEST(Lora, DropoutDependsOnTheDocumentAndNotOnItsPlaceInTheBatch)
{
    Trial whole(loraOn("all-linear", 0.3));
    Trial alone(loraOn("all-linear", 0.3));
    static_cast<void>(whole.loss());
    const TokenBatch third { 1, 9, std::span(alone.ids).subspan(18), std::span(alone.lengths).subspan(2), {},
        std::span(alone.seeds).subspan(2) };
    std::vector<SequenceLoss> losses(1);
    const Numbers coefficient { 1 };
    ASSERT_TRUE(alone.model->lossAndGradients(alone.parameters, third, coefficient, losses, alone.gradients));
    EXPECT_NEAR(losses[0].crossEntropySum, whole.losses[2].crossEntropySum, 1e-12);

    alone.seeds[2] = 99;
    ASSERT_TRUE(alone.model->lossAndGradients(alone.parameters, third, coefficient, losses, alone.gradients));
    EXPECT_GT(std::abs(losses[0].crossEntropySum - whole.losses[2].crossEntropySum), 1e-6);
}

TEST(Lora, EvaluationDropsNothing)
{
    Trial dropping(loraOn("all-linear", 0.5));
    Trial plain(loraOn("all-linear"));
    ASSERT_TRUE(dropping.model->loss(dropping.parameters, dropping.batch(), dropping.losses));
    static_cast<void>(plain.loss());
    EXPECT_NEAR(dropping.losses[0].crossEntropySum, plain.losses[0].crossEntropySum, 1e-12);
}

TEST(Lora, AnAdapterWhoseBIsZeroChangesNothing)
{
    Trial adapted(loraOn("all-linear"));
    for (const auto& parameter : adapted.model->layout().parameters()) {
        if (parameter.name.ends_with(kLoraB)) {
            std::fill_n(adapted.parameters.begin() + parameter.offset, parameter.count, 0.0);
        }
    }
    ASSERT_TRUE(adapted.model->loss(adapted.parameters, adapted.batch(), adapted.losses));

    CountingMemory memory;
    Parallel parallel(1);
    auto model = *LanguageModel<double>::create(smallConfig(), memory, parallel);
    Numbers weights(static_cast<std::size_t>(model.layout().blockSize()));
    for (const auto& parameter : model.layout().parameters()) {
        adapted.base.readInto(parameter,
            std::span(weights).subspan(
                static_cast<std::size_t>(parameter.offset), static_cast<std::size_t>(parameter.count)));
    }
    std::vector<SequenceLoss> losses(3);
    ASSERT_TRUE(model.loss(weights, adapted.batch(), losses));
    EXPECT_NEAR(adapted.losses[1].crossEntropySum, losses[1].crossEntropySum, 1e-12);
}

TEST(Lora, TheRowsOfABackwardPassCostNoMoreMemoryThanTheyNeed)
{
    Trial trial(loraOn("q_proj v_proj"));
    const auto before = trial.memory.active;
    static_cast<void>(trial.loss());
    const auto working = trial.memory.active - before;
    static_cast<void>(trial.loss());
    EXPECT_EQ(trial.memory.active - before, working) << "nothing is taken after the first step";
}

} // namespace
} // namespace dubito::model
