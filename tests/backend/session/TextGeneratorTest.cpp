// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/session/TextGenerator.h"

#include "backend/model/LanguageModel.h"
#include "tests/support/FakeTensorMemory.h"
#include "tests/support/RunStage.h"

#include <gmock/gmock.h>

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <numeric>
#include <optional>

namespace dubito::session {
namespace {

using testing::HasSubstr;

/// A small model that has read a little; its context is 64 positions.
class TextGenerator : public testing::Test {
protected:
    TextGenerator()
    {
        small.set("training.steps", "30");
        RunStage(small).work();
        auto loaded = loadModel({ small.output() / "final" }, memory);
        EXPECT_TRUE(loaded) << (loaded ? "" : toText(loaded.error()));
        model.emplace(std::move(*loaded));
    }

    Generation generate(std::string_view prompt, const GenerationRules& rules)
    {
        pieces.clear();
        auto made = generateText(*model, prompt, rules, { memory, parallel, clock },
            [&](std::string_view piece) { pieces.emplace_back(piece); });
        EXPECT_TRUE(made) << (made ? "" : toText(made.error()));
        return made ? *made : Generation {};
    }

    /// All weights in one block.
    std::vector<float> numbers() const
    {
        const auto& layout = model->weights.layout();
        std::vector<float> block(static_cast<std::size_t>(layout.blockSize()));
        for (const auto& parameter : layout.parameters()) {
            model->weights.readInto(parameter,
                std::span(block).subspan(
                    static_cast<std::size_t>(parameter.offset), static_cast<std::size_t>(parameter.count)));
        }
        return block;
    }

    Error refusal(std::string_view prompt)
    {
        const auto made = generateText(*model, prompt, {}, { memory, parallel, clock }, [](std::string_view) { });
        EXPECT_FALSE(made);
        return made ? Error {} : made.error();
    }

    SmallRun small;
    FakeTensorMemory memory;
    Parallel parallel { 1 };
    SystemClock clock;
    std::optional<LoadedModel> model;
    std::vector<std::string> pieces;
};

TEST_F(TextGenerator, GreedyTextIsWhatTheWholeModelFindsLikeliestAtEveryStep)
{
    const auto made = generate("The river of number", { .maxTokens = 12, .sampling = { .temperature = 0 } });
    ASSERT_EQ(made.tokens, 12);
    auto whole = model::LanguageModel<float>::create(model->config, memory, parallel);
    ASSERT_TRUE(whole);
    auto ids = model->tokenizer.encode("The river of number", tokenizer::SpecialTokens::With);
    const auto promptTokens = ids.size();
    for (int i = 0; i < 12; ++i) {
        std::vector<float> logits(ids.size() * static_cast<std::size_t>(model->config.vocabulary));
        const std::vector<std::int64_t> lengths { static_cast<std::int64_t>(ids.size()) };
        ASSERT_TRUE(whole->logits(numbers(), { 1, lengths[0], ids, lengths, {} }, logits));
        const auto last = std::span(logits).last(static_cast<std::size_t>(model->config.vocabulary));
        ids.push_back(static_cast<std::int32_t>(std::ranges::max_element(last) - last.begin()));
    }
    const auto expected = model->tokenizer.decode(ids, tokenizer::SpecialTokens::Without);
    EXPECT_EQ("The river of number" + made.text, expected);
    EXPECT_EQ(made.promptTokens, static_cast<std::int64_t>(promptTokens));
}

TEST_F(TextGenerator, TheSameSeedSaysTheSameAndAnotherOneDoesNot)
{
    const GenerationRules rules { .maxTokens = 30, .sampling = { .temperature = 1.5, .topK = 0, .topP = 1 }, .seed = 3 };
    const auto first = generate("The", rules);
    EXPECT_EQ(generate("The", rules).text, first.text);
    EXPECT_NE(generate("The", { .maxTokens = 30, .sampling = rules.sampling, .seed = 4 }).text, first.text);
}

TEST_F(TextGenerator, ThePiecesAreTheText)
{
    const auto made = generate("The river", { .maxTokens = 30, .sampling = { .temperature = 2, .topK = 0, .topP = 1 } });
    std::string joined;
    for (const std::string& piece : pieces) {
        joined += piece;
    }
    EXPECT_EQ(joined, made.text);
    EXPECT_GT(pieces.size(), 5U);
}

TEST_F(TextGenerator, EndsWhereTheModelSaysSo)
{
    EXPECT_EQ(generate("The river", { .maxTokens = 12, .sampling = { .temperature = 0 } }).end, GenerationEnd::TokenLimit);
    // Whatever the model says first is its end from now on.
    model->endIds.resize(static_cast<std::size_t>(model->config.vocabulary));
    std::iota(model->endIds.begin(), model->endIds.end(), 0);
    const auto ended = generate("The river", { .maxTokens = 12, .sampling = { .temperature = 0 } });
    EXPECT_EQ(ended.end, GenerationEnd::EndToken);
    EXPECT_EQ(ended.tokens, 0);
    EXPECT_EQ(ended.text, "");
}

TEST_F(TextGenerator, EndsWhereTheModelCannotSeeFurtherAndSaysSo)
{
    const auto made = generate("The river", { .maxTokens = 1000, .sampling = { .temperature = 0 } });
    EXPECT_EQ(made.end, GenerationEnd::ContextLimit);
    EXPECT_EQ(made.promptTokens + made.tokens, 64 + 1) << "the last token is said, and needs no place of its own";
}

TEST_F(TextGenerator, APromptThatLeavesNoRoomIsRefused)
{
    std::string prompt;
    for (int i = 0; i < 100; ++i) {
        prompt += " river";
    }
    const auto error = refusal(prompt);
    EXPECT_EQ(error.code, ErrorCode::Usage);
    EXPECT_THAT(error.message, testing::AllOf(HasSubstr("64 positions"), HasSubstr("shorten it by")));
}

TEST_F(TextGenerator, AnEmptyPromptNeedsATokenToBeginWith)
{
    EXPECT_THAT(refusal("").message, HasSubstr("the prompt is empty"));
    model->config.bosId = 0;
    EXPECT_EQ(generate("", { .maxTokens = 3, .sampling = { .temperature = 0 } }).promptTokens, 1);
}

TEST_F(TextGenerator, ABrokenModelIsNamed)
{
    auto broken = numbers();
    broken[5] = std::numeric_limits<float>::quiet_NaN();
    model->weights.fill(broken);
    const auto error = refusal("The");
    EXPECT_EQ(error.code, ErrorCode::Model);
    EXPECT_THAT(toText(error), testing::AllOf(HasSubstr("final"), HasSubstr("not finite")));
}

} // namespace
} // namespace dubito::session
