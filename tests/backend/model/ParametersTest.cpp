// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/model/Parameters.h"

#include <gtest/gtest.h>

namespace dubito::model {
namespace {

ModelConfig smallModel()
{
    return { .hidden = 6, .layers = 2, .heads = 3, .kvHeads = 1, .headDim = 4, .intermediate = 10, .vocabulary = 7 };
}

TEST(Parameters, TheyHaveTheNamesAndShapesOfHuggingFace)
{
    const auto layout = ParameterLayout::of(smallModel());
    const auto shape = [&](const char* name) { return layout.find(name)->shape; };
    using Shape = std::vector<std::int64_t>;
    EXPECT_EQ(shape("model.embed_tokens.weight"), (Shape { 7, 6 }));
    EXPECT_EQ(shape("model.layers.0.self_attn.q_proj.weight"), (Shape { 12, 6 }));
    EXPECT_EQ(shape("model.layers.1.self_attn.k_proj.weight"), (Shape { 4, 6 }));
    EXPECT_EQ(shape("model.layers.1.self_attn.o_proj.weight"), (Shape { 6, 12 }));
    EXPECT_EQ(shape("model.layers.1.mlp.down_proj.weight"), (Shape { 6, 10 }));
    EXPECT_EQ(shape("model.layers.1.post_attention_layernorm.weight"), (Shape { 6 }));
    EXPECT_EQ(shape("lm_head.weight"), (Shape { 7, 6 }));
    EXPECT_EQ(layout.find("model.layers.2.mlp.up_proj.weight"), nullptr);
}

TEST(Parameters, ATiedHeadAndAbsentBiasesHaveNoPlace)
{
    auto config = smallModel();
    config.tiedHead = true;
    EXPECT_EQ(ParameterLayout::of(config).find("lm_head.weight"), nullptr);
    EXPECT_EQ(ParameterLayout::of(config).find("model.layers.0.self_attn.q_proj.bias"), nullptr);
    config.qkvBias = config.outputBias = config.mlpBias = true;
    const auto layout = ParameterLayout::of(config);
    for (const char* name : { "self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj", "self_attn.o_proj",
             "mlp.gate_proj", "mlp.up_proj", "mlp.down_proj" }) {
        const auto* bias = layout.find("model.layers.1." + std::string(name) + ".bias");
        ASSERT_NE(bias, nullptr) << name;
        EXPECT_TRUE(bias->isNormOrBias);
    }
}

TEST(Parameters, EveryTensorBeginsAtACacheLineAndNoneOverlaps)
{
    const auto layout = ParameterLayout::of(smallModel());
    std::int64_t end = 0;
    std::int64_t count = 0;
    for (const Parameter& parameter : layout.parameters()) {
        EXPECT_EQ(parameter.offset % 16, 0) << parameter.name;
        EXPECT_GE(parameter.offset, end);
        EXPECT_LT(parameter.offset - end, 16);
        end = parameter.offset + parameter.count;
        count += parameter.count;
    }
    EXPECT_GE(layout.blockSize(), end);
    EXPECT_EQ(layout.blockSize() % 16, 0);
    EXPECT_EQ(layout.count(), count);
}

} // namespace
} // namespace dubito::model
