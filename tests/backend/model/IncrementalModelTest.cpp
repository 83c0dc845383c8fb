// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/model/IncrementalModel.h"

#include "backend/base/Random.h"
#include "backend/model/FrozenWeights.h"
#include "backend/model/LanguageModel.h"
#include "tests/support/FakeTensorMemory.h"
#include "tests/support/SmallModel.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace dubito::model {
namespace {

/// Three layers, and room for a text that is read in pieces.
ModelConfig deeper(ModelConfig config)
{
    config.layers = 3;
    config.vocabulary = 37;
    config.maxPositions = 256;
    return config;
}

ModelConfig plain() { return deeper(smallConfig()); }

ModelConfig scaledWithEveryBias()
{
    ModelConfig config = deeper(withEveryBias());
    config.rope.scaling = RopeScaling::Linear;
    config.rope.factor = 2;
    return config;
}

/// A model of random numbers, and a text of random tokens that is longer than what is read at once.
struct Text {
    explicit Text(const ModelConfig& theConfig, int threads = 2)
        : config(theConfig)
        , parallel(threads)
        , parameters(static_cast<std::size_t>(ParameterLayout::of(config).blockSize()))
    {
        Random random(5);
        const auto layout = ParameterLayout::of(config);
        for (const Parameter& parameter : layout.parameters()) {
            for (std::int64_t i = 0; i < parameter.count; ++i) {
                const double base = parameter.isNormOrBias && parameter.shape.size() == 1 ? 0.7 : 0.0;
                parameters[static_cast<std::size_t>(parameter.offset + i)]
                    = static_cast<float>(base + 0.2 * random.normal());
            }
        }
        for (auto& id : ids) {
            id = static_cast<std::int32_t>(random.below(static_cast<std::uint64_t>(config.vocabulary)));
        }
    }

    IncrementalModel reader(std::int64_t context)
    {
        auto made = IncrementalModel::create(config, weights(), context, memory, parallel);
        EXPECT_TRUE(made) << (made ? "" : toText(made.error()));
        return std::move(*made);
    }

    ReadingWeights weights() const { return { { parameters.data() } }; }

    std::span<const std::int32_t> some(std::size_t begin, std::size_t count) const
    {
        return std::span(ids).subspan(begin, count);
    }

    /// The logits of every position, by the model that reads everything at once.
    std::vector<float> logitsOfAll()
    {
        auto model = LanguageModel<float>::create(config, memory, parallel);
        EXPECT_TRUE(model);
        const std::vector<std::int64_t> lengths { static_cast<std::int64_t>(ids.size()) };
        std::vector<float> logits(ids.size() * vocabulary());
        EXPECT_TRUE(model->logits(parameters, { 1, lengths[0], ids, lengths, {} }, logits));
        return logits;
    }

    std::size_t vocabulary() const { return static_cast<std::size_t>(config.vocabulary); }

    ModelConfig config;
    FakeTensorMemory memory;
    Parallel parallel;
    std::vector<float> parameters;
    std::vector<std::int32_t> ids = std::vector<std::int32_t>(150);
};

void expectClose(std::span<const float> found, std::span<const float> expected)
{
    ASSERT_EQ(found.size(), expected.size());
    for (std::size_t i = 0; i < found.size(); ++i) {
        ASSERT_NEAR(found[i], expected[i], 1e-4F) << "token " << i;
    }
}

TEST(IncrementalModel, TokenByTokenItSaysWhatTheWholeTextSaysAtOnce)
{
    for (const ModelConfig& config : { plain(), scaledWithEveryBias() }) {
        Text text(config);
        const auto expected = text.logitsOfAll();
        auto reader = text.reader(150);
        std::vector<float> logits(text.vocabulary());
        for (std::size_t t = 0; t < text.ids.size(); ++t) {
            reader.read(text.some(t, 1), logits);
            expectClose(logits, std::span(expected).subspan(t * text.vocabulary(), text.vocabulary()));
        }
        EXPECT_EQ(reader.room(), 0);
    }
}

TEST(IncrementalModel, APromptIsReadInPiecesOfAnyLength)
{
    Text text(scaledWithEveryBias());
    const auto expected = text.logitsOfAll();
    std::vector<float> logits(text.vocabulary());
    for (const std::size_t first : { 1U, 63U, 64U, 65U, 149U }) {
        auto reader = text.reader(200);
        reader.read(text.some(0, first), logits);
        expectClose(logits, std::span(expected).subspan((first - 1) * text.vocabulary(), text.vocabulary()));
        reader.read(text.some(first, 150 - first), logits);
        expectClose(logits, std::span(expected).subspan(149 * text.vocabulary(), text.vocabulary()));
        EXPECT_EQ(reader.length(), 150);
    }
}

/// The same text read with an adapter over weights that are kept as they are wanted, and by the model that trains them.
void expectAdapterIsRead(FrozenStorage storage, const char* targets)
{
    Text text(scaledWithEveryBias());
    auto base = *FrozenWeights<float>::create(text.config, storage, text.memory);
    base.fill(text.parameters);
    const LoraConfig lora { .rank = 3, .alpha = 5, .targets = *parseLoraTargets(targets) };
    auto whole = *LanguageModel<float>::createAdapted(text.config, lora, base, {}, text.memory, text.parallel);
    std::vector<float> adapter(static_cast<std::size_t>(whole.layout().blockSize()));
    Random random(8);
    std::ranges::generate(adapter, [&] { return static_cast<float>(0.1 * random.normal()); });
    const std::vector<std::int64_t> lengths { 150 };
    std::vector<float> expected(150 * text.vocabulary());
    ASSERT_TRUE(whole.logits(adapter, { 1, 150, text.ids, lengths, {} }, expected));

    auto reader
        = IncrementalModel::create(text.config, { base.place(), &lora, adapter.data() }, 150, text.memory, text.parallel);
    ASSERT_TRUE(reader);
    std::vector<float> logits(text.vocabulary());
    reader->read(text.some(0, 100), logits);
    expectClose(logits, std::span(expected).subspan(99 * text.vocabulary(), text.vocabulary()));
    reader->read(text.some(100, 1), logits);
    expectClose(logits, std::span(expected).subspan(100 * text.vocabulary(), text.vocabulary()));
}

TEST(IncrementalModel, AnAdapterAndBf16WeightsAreReadAsTheyAreTrained)
{
    for (const char* targets : { "q_proj v_proj", "all-linear", "down_proj" }) {
        expectAdapterIsRead(FrozenStorage::Full, targets);
        expectAdapterIsRead(FrozenStorage::Bf16, targets);
    }
}

TEST(IncrementalModel, AfterForgettingItGoesOnFromThere)
{
    Text text(plain());
    std::vector<float> first(text.vocabulary());
    std::vector<float> again(text.vocabulary());
    auto reader = text.reader(150);
    reader.read(text.some(0, 20), first);
    reader.read(text.some(40, 30), again);
    reader.rewind(19);
    reader.read(text.some(19, 1), again);
    expectClose(again, first);
}

TEST(IncrementalModel, TakesMemoryOnceAndNeverAgain)
{
    Text text(plain());
    auto reader = text.reader(100);
    const auto taken = text.memory.allocations();
    std::vector<float> logits(text.vocabulary());
    reader.read(text.some(0, 80), logits);
    reader.read(text.some(80, 1), logits);
    EXPECT_EQ(text.memory.allocations(), taken);
}

TEST(IncrementalModel, TheNumberOfThreadsChangesNothingThatCanBeSeen)
{
    Text one(scaledWithEveryBias(), 1);
    Text three(scaledWithEveryBias(), 3);
    std::vector<float> a(one.vocabulary());
    std::vector<float> b(one.vocabulary());
    one.reader(100).read(one.some(0, 90), a);
    three.reader(100).read(three.some(0, 90), b);
    expectClose(a, b);
}

TEST(IncrementalModel, RefusesWhatTheModelCannotSeeAndWhatTheMemoryCannotHold)
{
    Text text(plain());
    text.config.slidingWindow = 40;
    const auto tooFar = IncrementalModel::create(text.config, text.weights(), 41, text.memory, text.parallel);
    ASSERT_FALSE(tooFar);
    EXPECT_EQ(tooFar.error().code, ErrorCode::Model);
    text.memory.setLimit(1000);
    const auto tooMuch = IncrementalModel::create(text.config, text.weights(), 40, text.memory, text.parallel);
    ASSERT_FALSE(tooMuch);
    EXPECT_EQ(tooMuch.error().code, ErrorCode::Memory);
    EXPECT_EQ(text.memory.active(), 0);
}

} // namespace
} // namespace dubito::model
