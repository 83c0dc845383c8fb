// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/model/ModelOptions.h"

#include "backend/model/FrozenWeights.h"
#include "backend/model/LanguageModel.h"
#include "backend/model/WorkingMemory.h"
#include "tests/backend/model/CountingMemory.h"
#include "tests/backend/model/GradientCheck.h"
#include "tests/support/SmallModel.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace dubito::model {
namespace {

TEST(ModelOptions, UnlessAskedNothingIsRoundedAndNothingComputedTwice)
{
    EXPECT_EQ(ModelOptions {}.products, Products::Full);
    EXPECT_EQ(ModelOptions {}.recompute, Recompute::Off);
}

TEST(ModelOptions, RoomThatWasTakenForOtherOptionsIsNotUsed)
{
    const WorkingShape taken { .rows = 64, .T = 16 };
    WorkingShape wanted { .rows = 32, .T = 16 };
    EXPECT_TRUE(taken.covers(wanted));
    wanted.options.products = Products::Bf16;
    EXPECT_FALSE(taken.covers(wanted));
}

struct Way {
    const char* targets = "all-linear";
    double dropout = 0;
    FrozenStorage storage = FrozenStorage::Full;
    int threads = 2;
    double size = 1; ///< of the adapter's numbers
};

struct Outcome {
    std::vector<float> gradients;
    std::vector<SequenceLoss> losses { 3 };
    std::int64_t bytes = 0;
};

/// Gradients of an adapter whose every number is random, after two passes: the second finds the room of the first.
Outcome passOf(const Way& way, const ModelOptions& options)
{
    ModelConfig config = smallConfig();
    config.layers = 4;
    LoraConfig lora;
    lora.rank = 3;
    lora.alpha = 5;
    lora.dropout = way.dropout;
    lora.targets = *parseLoraTargets(way.targets);
    CountingMemory memory;
    Parallel parallel(way.threads);
    auto base = *FrozenWeights<float>::create(config, way.storage, memory);
    base.initialise(config, 7);
    auto model = *LanguageModel<float>::createAdapted(config, lora, base, options, memory, parallel);
    const auto numbers = randomNumbers(model.layout().blockSize(), 5);
    std::vector<float> parameters(numbers.begin(), numbers.end());
    std::ranges::for_each(parameters, [&](float& value) { value *= static_cast<float>(way.size); });
    model.narrowAgain(parameters);
    std::vector<std::int32_t> ids(27);
    for (std::size_t i = 0; i < ids.size(); ++i) {
        ids[i] = static_cast<std::int32_t>(i * 7 % 31);
    }
    const std::vector<std::int64_t> lengths { 9, 4, 7 };
    const std::vector<std::uint64_t> seeds { 11, 12, 13 };
    const std::vector<float> coefficients { 0.03F, 0.07F, 0.05F };
    Outcome outcome;
    outcome.gradients.resize(parameters.size());
    for (int pass = 0; pass < 2; ++pass) {
        EXPECT_TRUE(model.lossAndGradients(
            parameters, { 3, 9, ids, lengths, {}, seeds }, coefficients, outcome.losses, outcome.gradients));
    }
    outcome.bytes = memory.active;
    return outcome;
}

TEST(ModelOptions, RecomputedLayersGiveAnAdapterTheSameGradientsBitForBit)
{
    for (const char* targets : { "q_proj", "down_proj", "o_proj gate_proj", "all-linear" }) {
        for (const double dropout : { 0.0, 0.3 }) {
            for (const FrozenStorage storage : { FrozenStorage::Full, FrozenStorage::Bf16 }) {
                for (const int threads : { 1, 2 }) {
                    const Way way { targets, dropout, storage, threads };
                    const auto kept = passOf(way, {});
                    const auto again = passOf(way, { .recompute = Recompute::On });
                    EXPECT_EQ(kept.gradients, again.gradients) << targets << ", dropout " << dropout;
                    EXPECT_EQ(kept.losses[1].crossEntropySum, again.losses[1].crossEntropySum);
                    EXPECT_LT(again.bytes, kept.bytes);
                }
            }
        }
    }
}

double norm(const std::vector<float>& values)
{
    double sum = 0;
    for (const float value : values) {
        sum += static_cast<double>(value) * static_cast<double>(value);
    }
    return std::sqrt(sum);
}

TEST(ModelOptions, AnAdapterOverBf16ProductsAgreesWithFloatsToTheirPrecision)
{
    // With numbers of size 1 scores are 200 and softmax is a choice that the last bit of a query decides; at 0.4 every
    // layer makes the error of the one before it several times as large, in any precision. One projection alone is
    // within 1.5 % even there.
    const Way way { .storage = FrozenStorage::Bf16, .size = 0.1 };
    const auto full = passOf(way, {});
    const auto narrow = passOf(way, { .products = Products::Bf16 });
    auto difference = full.gradients;
    for (std::size_t i = 0; i < difference.size(); ++i) {
        difference[i] -= narrow.gradients[i];
    }
    EXPECT_LT(norm(difference), 0.03 * norm(full.gradients));
    EXPECT_GT(norm(difference), 0) << "the products did not run in BF16";
    const auto again = passOf(way, { .recompute = Recompute::On, .products = Products::Bf16 });
    EXPECT_EQ(narrow.gradients, again.gradients) << "recomputed";
}

} // namespace
} // namespace dubito::model
