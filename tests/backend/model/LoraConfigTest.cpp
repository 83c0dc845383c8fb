// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/model/LoraConfig.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace dubito::model {
namespace {

using testing::HasSubstr;

ModelConfig smallConfig()
{
    ModelConfig config;
    config.hidden = 24;
    config.heads = 4;
    config.kvHeads = 2;
    config.headDim = 6;
    config.intermediate = 40;
    return config;
}

TEST(LoraConfig, TargetsAreNamedWithSpacesOrCommasAndWithTheirPath)
{
    EXPECT_EQ(toText(*parseLoraTargets("v_proj, q_proj")), "q_proj v_proj");
    EXPECT_EQ(toText(*parseLoraTargets("self_attn.o_proj mlp.up_proj")), "o_proj up_proj");
    EXPECT_TRUE(parseLoraTargets("all-linear")->all());
}

TEST(LoraConfig, AWordThatIsNoProjectionIsNamedWithThoseThatAre)
{
    EXPECT_THAT(parseLoraTargets("q_proj lm_head").error().message, HasSubstr("\"lm_head\" is no projection"));
    EXPECT_THAT(parseLoraTargets("query").error().message, HasSubstr("q_proj, k_proj"));
    EXPECT_FALSE(parseLoraTargets(" , "));
    EXPECT_FALSE(parseLoraTargets("mlp.q_proj"));
}

TEST(LoraConfig, TheScaleIsAlphaOverTheRankOrOverItsRoot)
{
    LoraConfig lora { .rank = 16, .alpha = 32 };
    EXPECT_DOUBLE_EQ(lora.scale(), 2);
    lora.isRankStabilised = true;
    EXPECT_DOUBLE_EQ(lora.scale(), 8);
}

TEST(LoraConfig, NumbersThatMakeNoAdapterAreRefused)
{
    LoraConfig lora { .rank = 4, .alpha = 8, .targets = *parseLoraTargets("k_proj") };
    EXPECT_TRUE(checkLoraConfig(lora, smallConfig()));
    lora.rank = 13;
    EXPECT_THAT(checkLoraConfig(lora, smallConfig()).error().message, HasSubstr("take 12 or less"));
    lora.rank = 0;
    EXPECT_FALSE(checkLoraConfig(lora, smallConfig()));
    lora = { .rank = 4, .alpha = 0, .targets = lora.targets };
    EXPECT_FALSE(checkLoraConfig(lora, smallConfig()));
    lora = { .rank = 4, .alpha = 8, .dropout = 1, .targets = lora.targets };
    EXPECT_FALSE(checkLoraConfig(lora, smallConfig()));
}

} // namespace
} // namespace dubito::model
