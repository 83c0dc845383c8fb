// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/model/Footprint.h"

#include "backend/model/LanguageModel.h"
#include "tests/backend/model/CountingMemory.h"

#include <gtest/gtest.h>

namespace dubito::model {
namespace {

ModelConfig configOf(std::int64_t hidden, std::int64_t layers)
{
    ModelConfig config;
    config.hidden = hidden;
    config.layers = layers;
    config.heads = 4;
    config.kvHeads = 2;
    config.headDim = hidden / 4;
    config.intermediate = 3 * hidden;
    config.vocabulary = 500;
    config.tiedHead = true;
    return config;
}

std::int64_t bytesOf(const std::vector<FootprintRow>& rows, Category category)
{
    std::int64_t bytes = 0;
    for (const auto& row : rows) {
        bytes += row.category == category ? row.bytes : 0;
    }
    return bytes;
}

TEST(Footprint, ActivationsAreWhatAStepReallyTakes)
{
    for (const std::int64_t T : { 5, 32 }) {
        for (const ModelOptions options : { ModelOptions {}, ModelOptions { .recompute = Recompute::On },
                 ModelOptions { .products = Products::Bf16 } }) {
            constexpr int threads = 2;
            const ModelConfig config = configOf(64, 3);
            CountingMemory memory;
            Parallel parallel(threads);
            auto model = *LanguageModel<float>::create(config, memory, parallel, options);
            const std::vector<float> parameters(static_cast<std::size_t>(model.layout().blockSize()), 0.01F);
            std::vector<float> gradients(parameters.size());
            const std::vector<std::int32_t> ids(static_cast<std::size_t>(4 * T), 3);
            const std::vector<std::int64_t> lengths(4, T);
            const std::vector<float> coefficients(4, 1.0F);
            std::vector<SequenceLoss> losses(4);
            ASSERT_TRUE(model.lossAndGradients(parameters, { 4, T, ids, lengths, {} }, coefficients, losses, gradients));
            const auto rows = footprintOf(config, { .B = 4, .T = T, .threads = threads, .options = options });
            const std::int64_t parametersItself = 4 * model.layout().blockSize();
            const auto planned
                = bytesOf(rows, Category::Activations) + bytesOf(rows, Category::Weights) - parametersItself;
            EXPECT_NEAR(static_cast<double>(planned), static_cast<double>(memory.active),
                0.02 * static_cast<double>(memory.active));
        }
    }
}

TEST(Footprint, BlocksHoldOneFloatForEachParameterAndTheOptimizerTwo)
{
    const ModelConfig config = configOf(64, 3);
    const auto rows = footprintOf(config, { .B = 1, .T = 8 });
    const auto block = ParameterLayout::of(config).blockSize() * 4;
    EXPECT_EQ(bytesOf(rows, Category::Weights), block);
    EXPECT_EQ(bytesOf(rows, Category::Gradients), block);
    EXPECT_EQ(bytesOf(rows, Category::Optimizer), 2 * block);
}

TEST(Footprint, AnAdapterOverBf16ProductsTakesWhatIsSaidOfIt)
{
    constexpr int threads = 2;
    constexpr std::int64_t T = 32;
    const ModelConfig config = configOf(64, 3);
    const ModelOptions options { .products = Products::Bf16 };
    const LoraConfig lora { .rank = 4, .alpha = 8, .targets = *parseLoraTargets("all-linear") };
    CountingMemory memory;
    Parallel parallel(threads);
    const auto base = *FrozenWeights<float>::create(config, FrozenStorage::Bf16, memory);
    auto model = *LanguageModel<float>::createAdapted(config, lora, base, options, memory, parallel);
    ASSERT_TRUE(model.reserve(4, T));
    const auto rows = footprintOf(config,
        { .B = 4, .T = T, .threads = threads, .options = options, .lora = lora, .frozen = FrozenStorage::Bf16 });
    const std::int64_t adapterItself = 4 * model.layout().blockSize();
    EXPECT_EQ(bytesOf(rows, Category::Activations) + bytesOf(rows, Category::Weights) - adapterItself, memory.active);
}

TEST(Footprint, RecomputedLayersCostTheirInputAlone)
{
    const TrainingShape shape { .B = 2, .T = 16, .threads = 2, .options = { .recompute = Recompute::On } };
    const auto two = bytesOf(footprintOf(configOf(64, 2), shape), Category::Activations);
    const auto three = bytesOf(footprintOf(configOf(64, 3), shape), Category::Activations);
    EXPECT_EQ(three - two, 2 * 16 * 64 * 4);
}

TEST(Footprint, ALayerMoreCostsActivationsOfALayer)
{
    const TrainingShape shape { .B = 2, .T = 16, .threads = 2 };
    const auto one = bytesOf(footprintOf(configOf(64, 1), shape), Category::Activations);
    const auto two = bytesOf(footprintOf(configOf(64, 2), shape), Category::Activations);
    const auto three = bytesOf(footprintOf(configOf(64, 3), shape), Category::Activations);
    EXPECT_EQ(three - two, two - one);
    EXPECT_GT(two, one);
}

} // namespace
} // namespace dubito::model
