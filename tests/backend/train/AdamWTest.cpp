// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/train/AdamW.h"

#include <cmath>
#include <gtest/gtest.h>

namespace dubito::train {
namespace {

model::ModelConfig smallConfig()
{
    model::ModelConfig config;
    config.hidden = 8;
    config.layers = 1;
    config.heads = 2;
    config.kvHeads = 1;
    config.headDim = 4;
    config.intermediate = 12;
    config.vocabulary = 10;
    config.tiedHead = true;
    return config;
}

struct Blocks {
    std::vector<float> parameters, gradients, first, second;

    explicit Blocks(std::int64_t size)
        : parameters(static_cast<std::size_t>(size), 1.0F)
        , gradients(static_cast<std::size_t>(size))
        , first(static_cast<std::size_t>(size))
        , second(static_cast<std::size_t>(size))
    {
        for (std::size_t i = 0; i < gradients.size(); ++i) {
            gradients[i] = 0.01F * static_cast<float>(i % 7) - 0.02F;
        }
    }
    AdamWBlocks view() { return { parameters, gradients, first, second }; }
};

TEST(AdamW, TheFirstStepMovesByTheLearningRateAgainstTheSignOfTheGradient)
{
    const auto layout = model::ParameterLayout::of(smallConfig());
    Parallel parallel(2);
    Blocks blocks(layout.blockSize());
    const auto gradients = blocks.gradients;
    AdamW(layout, { .weightDecay = 0.1 }).step(blocks.view(), 1, 1e-2, 1.0, parallel);
    const auto& parameter = layout.parameters()[0];
    for (std::int64_t i = 0; i < parameter.count; ++i) {
        const auto at = static_cast<std::size_t>(parameter.offset + i);
        const double g = static_cast<double>(gradients[at]);
        const double expected = 1.0 - 1e-2 * 0.1 - 1e-2 * g / (std::abs(g) + 1e-8);
        EXPECT_NEAR(static_cast<double>(blocks.parameters[at]), expected, 1e-6);
        EXPECT_EQ(blocks.gradients[at], 0.0F) << "the gradient is ready for the next step";
    }
}

TEST(AdamW, TheCopyInBf16IsTheRoundedParameters)
{
    const auto layout = model::ParameterLayout::of(smallConfig());
    Parallel parallel(2);
    Blocks blocks(layout.blockSize());
    std::vector<model::Bf16> narrow(blocks.parameters.size());
    auto view = blocks.view();
    view.narrow = narrow;
    AdamW(layout, {}).step(view, 1, 1e-2, 1.0, parallel);
    for (const auto& parameter : layout.parameters()) {
        for (std::int64_t i = parameter.offset; i < parameter.offset + parameter.count; ++i) {
            const auto at = static_cast<std::size_t>(i);
            ASSERT_EQ(narrow[at], model::rounded(blocks.parameters[at]));
        }
    }
}

TEST(AdamW, NormsAreExemptFromDecayOnlyWhenAsked)
{
    const auto layout = model::ParameterLayout::of(smallConfig());
    const auto* norm = layout.find("model.norm.weight");
    ASSERT_NE(norm, nullptr);
    Parallel parallel(1);
    for (const Decay decay : { Decay::All, Decay::NotNormsAndBiases }) {
        Blocks blocks(layout.blockSize());
        std::ranges::fill(blocks.gradients, 0.0F);
        AdamW(layout, { .weightDecay = 0.5, .decay = decay }).step(blocks.view(), 1, 0.1, 1.0, parallel);
        const float expected = decay == Decay::All ? 0.95F : 1.0F;
        EXPECT_FLOAT_EQ(blocks.parameters[static_cast<std::size_t>(norm->offset)], expected);
        EXPECT_FLOAT_EQ(blocks.parameters[static_cast<std::size_t>(layout.parameters()[0].offset)], 0.95F);
    }
}

TEST(AdamW, TheBitsDoNotDependOnTheNumberOfThreads)
{
    const auto layout = model::ParameterLayout::of(smallConfig());
    Parallel one(1);
    Parallel three(3);
    Blocks a(layout.blockSize());
    Blocks b(layout.blockSize());
    const AdamW adam(layout, {});
    for (int step = 1; step <= 5; ++step) {
        std::ranges::fill(a.gradients, 0.1F * static_cast<float>(step));
        std::ranges::fill(b.gradients, 0.1F * static_cast<float>(step));
        adam.step(a.view(), step, 1e-3, 0.5, one);
        adam.step(b.view(), step, 1e-3, 0.5, three);
    }
    EXPECT_EQ(a.parameters, b.parameters);
    EXPECT_EQ(a.second, b.second);
}

} // namespace
} // namespace dubito::train
