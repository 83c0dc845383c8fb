// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/model/LayerParameters.h"

#include <gtest/gtest.h>

namespace dubito::model {
namespace {

ModelConfig configOf(std::int64_t hidden)
{
    ModelConfig config;
    config.hidden = hidden;
    config.layers = 2;
    config.heads = 4;
    config.kvHeads = 2;
    config.headDim = 8;
    config.intermediate = 24;
    config.vocabulary = 50;
    config.tiedHead = true;
    return config;
}

TEST(LayerParameters, NeighboursWithoutABiasAreOneProjection)
{
    const auto layout = ParameterLayout::of(configOf(32));
    std::vector<float> block(static_cast<std::size_t>(layout.blockSize()));
    const auto layer = layerParametersOf(layout, block.data(), 1);
    EXPECT_EQ(layer.qkv.count, 1U);
    EXPECT_EQ(layer.qkv.parts[0].weight.rows, 64);
    EXPECT_EQ(layer.gateUp.count, 1U);
    EXPECT_EQ(layer.qkv.parts[0].weight.data - block.data(),
        layout.find("model.layers.1.self_attn.q_proj.weight")->offset);
}

TEST(LayerParameters, BiasesKeepThemApart)
{
    auto config = configOf(32);
    config.qkvBias = true;
    const auto layout = ParameterLayout::of(config);
    std::vector<float> block(static_cast<std::size_t>(layout.blockSize()));
    const auto layer = layerParametersOf(layout, block.data(), 0);
    EXPECT_EQ(layer.qkv.count, 3U);
    EXPECT_EQ(layer.qkv.parts[2].bias - block.data(), layout.find("model.layers.0.self_attn.v_proj.bias")->offset);
}

TEST(LayerParameters, ATiedHeadIsTheEmbedding)
{
    const auto layout = ParameterLayout::of(configOf(32));
    std::vector<float> block(static_cast<std::size_t>(layout.blockSize()));
    const auto ends = endParametersOf(layout, block.data());
    EXPECT_EQ(ends.head.data, ends.embedding.data);
}

} // namespace
} // namespace dubito::model
