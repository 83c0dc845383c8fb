// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/model/AdapterConfig.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace dubito::model {
namespace {

using testing::HasSubstr;

std::string refusal(const std::string& more)
{
    const auto config
        = parseAdapterConfig(R"({"peft_type":"LORA","r":4,"lora_alpha":8,"target_modules":["q_proj"])" + more + "}", "here");
    return config ? "accepted" : toText(config.error());
}

TEST(AdapterConfig, WhatIsWrittenIsReadAgain)
{
    AdapterConfig config;
    config.lora = { .rank = 16, .alpha = 24.5, .dropout = 0.05, .targets = *parseLoraTargets("q_proj down_proj") };
    config.base = "/models/base";
    const auto again = parseAdapterConfig(toAdapterConfigJson(config), "here");
    ASSERT_TRUE(again) << toText(again.error());
    EXPECT_EQ(again->lora, config.lora);
    EXPECT_EQ(again->base, config.base);
}

TEST(AdapterConfig, KeysThatSayNothingAreNoReasonToRefuse)
{
    EXPECT_EQ(refusal(R"(,"use_dora":false,"modules_to_save":null,"rank_pattern":{},"task_type":null,"unknown":1)"),
        "accepted");
}

TEST(AdapterConfig, WhatIsNotBuiltIsRefusedByName)
{
    EXPECT_THAT(refusal(R"(,"use_dora":true)"), HasSubstr("use_dora"));
    EXPECT_THAT(refusal(R"(,"bias":"all")"), HasSubstr("trains biases"));
    EXPECT_THAT(refusal(R"(,"modules_to_save":["lm_head"])"), HasSubstr("modules_to_save"));
    EXPECT_THAT(refusal(R"(,"rank_pattern":{"q_proj":8})"), HasSubstr("rank_pattern"));
    EXPECT_THAT(refusal(R"(,"layers_to_transform":[0])"), HasSubstr("layers_to_transform"));
    EXPECT_THAT(refusal(R"(,"task_type":"SEQ_CLS")"), HasSubstr("SEQ_CLS"));
    EXPECT_THAT(refusal(R"(,"peft_type":"IA3")"), HasSubstr("IA3"));
}

TEST(AdapterConfig, NumbersAndTargetsThatMakeNoAdapterAreRefused)
{
    EXPECT_THAT(refusal(R"(,"r":0)"), HasSubstr("r is 0"));
    EXPECT_THAT(refusal(R"(,"r":1.5)"), HasSubstr("r is 1.5"));
    EXPECT_THAT(refusal(R"(,"r":"4")"), HasSubstr("a number is wanted"));
    EXPECT_THAT(refusal(R"(,"lora_alpha":-1)"), HasSubstr("lora_alpha"));
    EXPECT_THAT(refusal(R"(,"lora_dropout":1)"), HasSubstr("lora_dropout"));
    EXPECT_THAT(refusal(R"(,"target_modules":["wq"])"), HasSubstr("\"wq\" is no projection"));
    EXPECT_THAT(refusal(R"(,"target_modules":[])"), HasSubstr("names no target_modules"));
    EXPECT_THAT(refusal(R"(,"target_modules":[1])"), HasSubstr("no list of names"));
    EXPECT_FALSE(parseAdapterConfig("[", "here"));
    const std::string deep = std::string(400'000, '[') + std::string(400'000, ']');
    EXPECT_THAT(refusal(",\"bias\":" + deep), HasSubstr("nested"));
}

TEST(AdapterConfig, AllLinearIsEveryProjectionAndAPatternIsLeftToTheFile)
{
    EXPECT_TRUE(parseAdapterConfig(R"({"r":4,"target_modules":"all-linear"})", "here")->lora.targets.all());
    EXPECT_TRUE(parseAdapterConfig(R"({"r":4,"target_modules":".*_proj"})", "here")->lora.targets.none());
}

} // namespace
} // namespace dubito::model
