// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/session/PreferenceMeasure.h"

#include "backend/model/Parameters.h"
#include "backend/model/ModelConfig.h"
#include "tests/support/FakeTensorMemory.h"

#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>

namespace dubito::session {
namespace {

using Phrasings = PreferenceMeasure::Phrasings;

const tokenizer::Tokenizer& shippedTokenizer()
{
    static const tokenizer::Tokenizer kTokenizer = *tokenizer::Tokenizer::load(
        std::filesystem::path(DUBITO_SOURCE_DIR) / "resources/tiny/tokenizer.json");
    return kTokenizer;
}

/// A model without layers' influence: every logit is the product of the embedding of the token before with that of the
/// token itself, so that what it prefers can be set by hand.
class Model {
public:
    Model() : m_parameters(static_cast<std::size_t>(layout().blockSize()))
    {
        fill("model.norm.weight", 1);
        for (std::int64_t row = 0; row < kWidth; ++row) {
            at("model.embed_tokens.weight", row, row % kWidth) = 1;
        }
    }

    /// After any token, this one is likelier by the factor e^strength.
    void prefer(std::int32_t token, float strength)
    {
        for (std::int64_t column = 0; column < kWidth; ++column) {
            at("lm_head.weight", token, column) = strength;
        }
    }

    Preference ask(const PreferenceMeasure& measure)
    {
        auto model = model::LanguageModel<float>::create(config(), m_memory, m_parallel);
        EXPECT_TRUE(model);
        const auto found = measure.of(*model, m_parameters);
        EXPECT_TRUE(found) << (found ? "" : toText(found.error()));
        return *found;
    }

    static model::ModelConfig config()
    {
        model::ModelConfig config;
        config.hidden = kWidth;
        config.layers = 1;
        config.heads = 1;
        config.kvHeads = 1;
        config.headDim = 4;
        config.intermediate = 4;
        config.vocabulary = 2361;
        return config;
    }

private:
    static constexpr std::int64_t kWidth = 8;

    static model::ParameterLayout layout() { return model::ParameterLayout::of(config()); }

    float& at(const char* name, std::int64_t row, std::int64_t column)
    {
        return m_parameters[static_cast<std::size_t>(layout().find(name)->offset + row * kWidth + column)];
    }

    void fill(const char* name, float value)
    {
        const auto all = layout();
        const auto* parameter = all.find(name);
        std::fill_n(m_parameters.begin() + parameter->offset, parameter->count, value);
    }

    FakeTensorMemory m_memory;
    Parallel m_parallel { 1 };
    std::vector<float> m_parameters;
};

std::int32_t tokenOf(const std::string& text) { return *shippedTokenizer().idOf(text); }

ClaimPair pairOf(const std::string& primary, const std::string& consensus)
{
    // The last token of every prompt is "!", whose embedding is one of the first rows: the model sees something.
    return { "pair", { "x" }, { "y" }, { { "Which!", primary, consensus }, { "Or!", primary, consensus } },
        { { "Once!", consensus, primary } } };
}

TEST(PreferenceMeasure, AModelThatKnowsNothingPrefersNeither)
{
    Model model;
    const std::vector pairs { pairOf("1", "2") };
    const auto found = model.ask({ pairs, Phrasings::HeldOut, shippedTokenizer() });
    EXPECT_EQ(found.primary.trials, 1);
    EXPECT_NEAR(found.margin, 0, 1e-5);
}

TEST(PreferenceMeasure, TheLikelierAnswerWinsThePair)
{
    Model model;
    model.prefer(tokenOf("7"), 0.5F);
    const std::vector pairs { pairOf("7", "8"), pairOf("3", "7"), pairOf("7", "1") };
    const PreferenceMeasure measure(pairs, Phrasings::HeldOut, shippedTokenizer());
    const auto found = model.ask(measure);
    EXPECT_EQ(found.primary, (Proportion { .successes = 2, .trials = 3 }));
    EXPECT_GT(found.margin, 0.1);
    EXPECT_EQ(measure.unequal(), 0);
}

TEST(PreferenceMeasure, TheMarginIsTheDifferenceOfTheLogLikelihoodsForEachPhrasing)
{
    Model model;
    model.prefer(tokenOf("7"), 0.5F);
    const std::vector pairs { pairOf("7", "8") };
    // The normed embedding of "!" has one number, sqrt(8), or none: each logit of "7" is 0.5 * sqrt(8) or 0.
    const double margin = model.ask({ pairs, Phrasings::HeldOut, shippedTokenizer() }).margin;
    EXPECT_NEAR(margin, 0.5 * std::sqrt(8.0), 1e-2);
}

TEST(PreferenceMeasure, WhatWasTrainedIsAskedApart)
{
    Model model;
    model.prefer(tokenOf("7"), 0.5F);
    const std::vector pairs { pairOf("7", "8") };
    EXPECT_EQ(model.ask({ pairs, Phrasings::Trained, shippedTokenizer() }).primary.successes, 0);
    EXPECT_EQ(model.ask({ pairs, Phrasings::HeldOut, shippedTokenizer() }).primary.successes, 1);
}

TEST(PreferenceMeasure, WhatBothAnswersShareDoesNotCount)
{
    Model model;
    model.prefer(tokenOf("7"), 0.5F);
    const std::vector pairs { pairOf("177", "178") };
    const std::vector longer { pairOf("777777", "777778") };
    EXPECT_NEAR(model.ask({ pairs, Phrasings::HeldOut, shippedTokenizer() }).margin,
        model.ask({ longer, Phrasings::HeldOut, shippedTokenizer() }).margin, 1e-5);
}

TEST(PreferenceMeasure, AnswersOfUnequalLengthAreCounted)
{
    const std::vector pairs { pairOf("12", "123") };
    EXPECT_EQ(PreferenceMeasure(pairs, Phrasings::HeldOut, shippedTokenizer()).unequal(), 2);
    EXPECT_FALSE(isSameLength(pairs[0].heldOut[0], shippedTokenizer()));
}

} // namespace
} // namespace dubito::session
