// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/model/ModelConfig.h"

#include "backend/model/Parameters.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace dubito::model {
namespace {

using nlohmann::json;
using testing::HasSubstr;

/// A good Llama config with `changes` merged in; null takes a key away.
std::string configWith(const json& changes = json::object())
{
    json config { { "model_type", "llama" }, { "hidden_size", 64 }, { "intermediate_size", 176 },
        { "num_hidden_layers", 2 }, { "num_attention_heads", 4 }, { "num_key_value_heads", 2 }, { "vocab_size", 300 },
        { "max_position_embeddings", 128 }, { "rms_norm_eps", 1e-5 } };
    config.update(changes);
    return config.dump();
}

Result<ModelConfig> parsed(const json& changes) { return parseModelConfig(configWith(changes), "config.json"); }

std::string refusal(const json& changes)
{
    const auto config = parsed(changes);
    return config ? "accepted" : toText(config.error());
}

TEST(ModelConfig, APlainLlamaIsReadWithTheDefaultsOfHuggingFace)
{
    const auto config = parsed(json::object());
    ASSERT_TRUE(config) << toText(config.error());
    EXPECT_EQ(config->headDim, 16);
    EXPECT_EQ(config->kvHeads, 2);
    EXPECT_EQ(config->rope, RopeConfig());
    EXPECT_FALSE(config->tiedHead || config->qkvBias || config->outputBias || config->mlpBias);
    EXPECT_TRUE(config->warnings.empty());
}

TEST(ModelConfig, WithoutKeyValueHeadsThereAreAsManyAsHeads)
{
    EXPECT_EQ(parsed({ { "num_key_value_heads", nullptr } })->kvHeads, 4);
}

TEST(ModelConfig, BiasesFollowTheArchitecture)
{
    const auto qwen = parsed({ { "model_type", "qwen2" } });
    EXPECT_TRUE(qwen->qkvBias);
    EXPECT_FALSE(qwen->outputBias);
    const auto llama = parsed({ { "attention_bias", true }, { "mlp_bias", true } });
    EXPECT_TRUE(llama->qkvBias && llama->outputBias && llama->mlpBias);
    EXPECT_FALSE(parsed({ { "model_type", "mistral" } })->qkvBias);
}

TEST(ModelConfig, BothSpellingsOfTheRopeSettingsMeanTheSame)
{
    const json scaling { { "rope_type", "llama3" }, { "factor", 8.0 }, { "low_freq_factor", 1.0 },
        { "high_freq_factor", 4.0 }, { "original_max_position_embeddings", 64 } };
    json parameters = scaling;
    parameters["rope_theta"] = 500000.0;
    const auto older = parsed({ { "rope_theta", 500000.0 }, { "rope_scaling", scaling } });
    const auto newer = parsed({ { "rope_parameters", parameters } });
    ASSERT_TRUE(older) << toText(older.error());
    ASSERT_TRUE(newer) << toText(newer.error());
    EXPECT_EQ(older->rope, newer->rope);
    EXPECT_EQ(older->rope.scaling, RopeScaling::Llama3);
    EXPECT_EQ(older->rope.theta, 500000.0);
    EXPECT_EQ(older->rope.originalMaxPositions, 64);
}

TEST(ModelConfig, AnOldTypeKeyAndALinearFactorAreRead)
{
    const auto config = parsed({ { "rope_scaling", { { "type", "linear" }, { "factor", 2.0 } } } });
    ASSERT_TRUE(config) << toText(config.error());
    EXPECT_EQ(config->rope.scaling, RopeScaling::Linear);
    EXPECT_EQ(config->rope.factor, 2.0);
    EXPECT_EQ(parsed({ { "rope_scaling", { { "rope_type", "default" } } } })->rope, RopeConfig());
}

TEST(ModelConfig, TwoSpellingsThatContradictEachOtherAreRefused)
{
    EXPECT_THAT(refusal({ { "rope_theta", 10000.0 }, { "rope_parameters", { { "rope_theta", 500000.0 } } } }),
        HasSubstr("contradicts"));
}

TEST(ModelConfig, WhatCannotBeRunIsRefusedByName)
{
    EXPECT_THAT(refusal({ { "model_type", "gpt2" } }), HasSubstr("model_type \"gpt2\" is not supported"));
    EXPECT_THAT(refusal({ { "hidden_act", "gelu" } }), HasSubstr("hidden_act \"gelu\""));
    EXPECT_THAT(refusal({ { "rope_scaling", { { "rope_type", "yarn" }, { "factor", 2 } } } }), HasSubstr("\"yarn\""));
    EXPECT_THAT(refusal({ { "quantization_config", { { "bits", 4 } } } }), HasSubstr("quantised"));
    EXPECT_THAT(refusal({ { "rope_scaling", { { "rope_type", "linear" } } } }), HasSubstr("needs a factor"));
    EXPECT_THAT(refusal({ { "rope_parameters", { { "full_attention", { { "rope_type", "default" } } } } },
                    { "partial_rotary_factor", 1 } }),
        HasSubstr("full_attention"));
    EXPECT_THAT(refusal({ { "rope_parameters", { { "partial_rotary_factor", 0.5 } } } }), HasSubstr("partial_rotary"));
    EXPECT_THAT(refusal({ { "partial_rotary_factor", 0.5 } }), HasSubstr("partial_rotary"));
}

TEST(ModelConfig, AllProblemsAreToldAtOnce)
{
    const std::string text
        = refusal({ { "hidden_size", "64" }, { "vocab_size", nullptr }, { "intermediate_size", -1 } });
    EXPECT_THAT(text, HasSubstr("hidden_size must be a whole number"));
    EXPECT_THAT(text, HasSubstr("vocab_size is missing"));
    EXPECT_THAT(text, HasSubstr("intermediate_size is -1"));
}

TEST(ModelConfig, HeadsMustDivide)
{
    EXPECT_THAT(refusal({ { "num_attention_heads", 3 } }), HasSubstr("not divisible"));
    EXPECT_THAT(refusal({ { "num_key_value_heads", 3 } }), HasSubstr("num_key_value_heads 3"));
    EXPECT_THAT(refusal({ { "head_dim", 7 } }), HasSubstr("head_dim 7 is odd"));
    EXPECT_TRUE(parsed({ { "num_attention_heads", 6 }, { "head_dim", 8 } }));
}

TEST(ModelConfig, AbsurdSizesAreRefusedBeforeAnythingIsAllocated)
{
    EXPECT_THAT(refusal({ { "hidden_size", 1e18 } }), HasSubstr("hidden_size"));
    EXPECT_THAT(refusal({ { "hidden_size", 9223372036854775807 } }), HasSubstr("hidden_size"));
    EXPECT_THAT(
        refusal({ { "num_hidden_layers", 16384 }, { "hidden_size", 1 << 20 }, { "intermediate_size", 1 << 20 } }),
        HasSubstr("parameters"));
}

TEST(ModelConfig, ManyAlmostEmptyLayersAreRefusedToo)
{
    EXPECT_THAT(refusal({ { "num_hidden_layers", 1 << 20 } }), HasSubstr("num_hidden_layers"));
}

TEST(ModelConfig, JsonThatIsCutShortOrNoObjectIsRefused)
{
    EXPECT_THAT(toText(parseModelConfig("{\"hidden_size\": 8,", "c").error()), HasSubstr("no valid JSON"));
    EXPECT_FALSE(parseModelConfig("[1]", "c"));
    EXPECT_FALSE(parseModelConfig("", "c"));
    EXPECT_FALSE(parseModelConfig(std::string(100'000, '['), "c"));
    EXPECT_EQ(readModelConfig("/nowhere/config.json").error().code, ErrorCode::NotFound);
}

TEST(ModelConfig, WhatIsNestedDeeperThanAStackIsRefusedBeforeItIsCopiedOrPrinted)
{
    const std::string deep = std::string(400'000, '[') + std::string(400'000, ']');
    for (const char* key : { "hidden_size", "eos_token_id", "unknown" }) {
        const auto config = parseModelConfig("{\"" + std::string(key) + "\": " + deep + "}", "c");
        ASSERT_FALSE(config) << key;
        EXPECT_THAT(config.error().message, HasSubstr("nested")) << key;
    }
}

TEST(ModelConfig, ABindingSlidingWindowIsWarnedOfAndLongerSequencesAreRefused)
{
    const auto config = parsed({ { "model_type", "mistral" }, { "sliding_window", 32 } });
    ASSERT_TRUE(config);
    EXPECT_EQ(config->warnings.size(), 1U);
    EXPECT_TRUE(checkLength(*config, 32));
    EXPECT_FALSE(checkLength(*config, 33));
}

TEST(ModelConfig, AWindowThatIsOffOrLongerThanAllPositionsDoesNotMatter)
{
    EXPECT_FALSE(parsed({ { "model_type", "qwen2" }, { "use_sliding_window", false }, { "sliding_window", 32 } })
                     ->slidingWindow);
    EXPECT_FALSE(parsed({ { "model_type", "mistral" }, { "sliding_window", 4096 } })->slidingWindow);
    EXPECT_FALSE(parsed({ { "model_type", "mistral" }, { "sliding_window", nullptr } })->slidingWindow);
}

TEST(ModelConfig, IdsMayBeOneOrMany)
{
    const auto config = parsed({ { "eos_token_id", { 5, 6 } }, { "pad_token_id", nullptr }, { "bos_token_id", 1 } });
    EXPECT_EQ(config->eosIds, (std::vector<std::int64_t> { 5, 6 }));
    EXPECT_FALSE(config->padId);
    EXPECT_EQ(config->bosId, 1);
}

TEST(ModelConfig, WhatIsWrittenBackKeepsForeignKeysAndSaysFloat32)
{
    const auto config = parsed({ { "torch_dtype", "bfloat16" }, { "my_key", { 1, 2 } } });
    const json written = json::parse(toConfigJson(*config));
    EXPECT_EQ(written.at("torch_dtype"), "float32");
    EXPECT_EQ(written.at("my_key"), json({ 1, 2 }));
    EXPECT_EQ(written.at("rms_norm_eps"), 1e-5);
}

TEST(ModelConfig, AConfigMadeByHandIsReadBackTheSame)
{
    ModelConfig config { .architecture = Architecture::Mistral,
        .hidden = 64,
        .layers = 2,
        .heads = 6,
        .kvHeads = 2,
        .headDim = 8,
        .intermediate = 120,
        .vocabulary = 200 };
    config.rope = { .theta = 1e6, .scaling = RopeScaling::Linear, .factor = 2 };
    const auto read = parseModelConfig(toConfigJson(config), "made by hand");
    ASSERT_TRUE(read) << toText(read.error());
    EXPECT_EQ(read->rope, config.rope);
    EXPECT_EQ(read->headDim, 8);
    EXPECT_EQ(parameterCount(*read), parameterCount(config));
}

TEST(ModelConfig, AQwenMadeByHandKeepsItsBiases)
{
    ModelConfig config { .architecture = Architecture::Qwen2,
        .hidden = 64,
        .layers = 1,
        .heads = 4,
        .kvHeads = 2,
        .headDim = 16,
        .intermediate = 120,
        .vocabulary = 200,
        .qkvBias = true };
    const auto read = parseModelConfig(toConfigJson(config), "made by hand");
    ASSERT_TRUE(read) << toText(read.error());
    EXPECT_TRUE(read->qkvBias);
    EXPECT_FALSE(read->outputBias);
}

TEST(ModelConfig, TheParameterCountIsThatOfTheLayout)
{
    for (const json& changes : { json::object(), json { { "model_type", "qwen2" }, { "tie_word_embeddings", true } },
             json { { "attention_bias", true }, { "mlp_bias", true } } }) {
        const auto config = parsed(changes);
        EXPECT_EQ(parameterCount(*config), ParameterLayout::of(*config).count());
    }
}

} // namespace
} // namespace dubito::model
