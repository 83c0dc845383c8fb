// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/tokenizer/AddedTokens.h"

#include "tests/backend/tokenizer/ReadPart.h"

#include <gtest/gtest.h>

namespace dubito::tokenizer {
namespace {

std::string file(std::string_view tokens) { return R"({"added_tokens": [)" + std::string(tokens) + "]}"; }

std::string token(std::string_view content, std::string_view more)
{
    return R"({"id": 9, "content": ")" + std::string(content) + "\"" + std::string(more) + "}";
}

Vocabulary vocabularyOf(const std::string& text, std::int32_t id)
{
    Vocabulary vocabulary;
    vocabulary.add(text, id);
    return vocabulary;
}

AddedTokens tokensOf(const std::string& json, const Normalizer& normalizer = {})
{
    return readPart<AddedTokens>(json, vocabularyOf("a", 0), normalizer);
}

/// The parts of `text` between bars, ids in brackets with the text they stand for.
std::string split(const AddedTokens& tokens, std::string_view text, AddedTokens::Stage stage = AddedTokens::Stage::Raw)
{
    std::string shown = "|";
    for (const auto& part : tokens.split(text, stage)) {
        const auto range = text.substr(part.range.begin, part.range.end - part.range.begin);
        shown += (part.id ? "[" + std::string(range) + "]" : std::string(range)) + "|";
    }
    return shown;
}

TEST(AddedTokens, AreFoundBeforeAnyCutting)
{
    const auto tokens = tokensOf(file(token("<s>", R"(, "special": true)")));
    EXPECT_EQ(split(tokens, "x<s>y<s><s"), "|x|[<s>]|y|[<s>]|<s|");
    EXPECT_EQ(split(tokens, ""), "|");
    EXPECT_TRUE(tokens.find(9)->isSpecial);
    EXPECT_EQ(tokens.find(8), nullptr);
    EXPECT_EQ(tokens.idOf("<s>"), 9);
}

TEST(AddedTokens, OfTwoTheLongerIsTaken)
{
    const auto tokens = tokensOf(file(R"({"id": 1, "content": "<a>"}, {"id": 2, "content": "<a><b>"})"));
    EXPECT_EQ(split(tokens, "<a><b><a>"), "|[<a><b>]|[<a>]|");
}

TEST(AddedTokens, TakeBlanksOnTheSidesAskedFor)
{
    EXPECT_EQ(split(tokensOf(file(token("<m>", R"(, "lstrip": true)"))), "a \u3000<m> b"), "|a|[ \u3000<m>]| b|");
    EXPECT_EQ(split(tokensOf(file(token("<m>", R"(, "rstrip": true)"))), "a <m> \n b"), "|a |[<m> \n ]|b|");
}

TEST(AddedTokens, DoNotTakeBlanksThatAnotherHasTaken)
{
    const auto tokens = tokensOf(file(token("<m>", R"(, "lstrip": true, "rstrip": true)")));
    EXPECT_EQ(split(tokens, "<m>  <m>"), "|[<m>  ]|[<m>]|");
}

TEST(AddedTokens, ASingleWordStandsAlone)
{
    const auto tokens = tokensOf(file(token("no", R"(, "single_word": true)")));
    EXPECT_EQ(split(tokens, "no note uno (no) éno"), "|[no]| note uno (|[no]|) éno|");
}

TEST(AddedTokens, NormalizedOnesAreFoundInNormalizedTextOnly)
{
    const auto lowercase = readPart<Normalizer>(R"({"type": "Lowercase"})");
    const auto tokens = tokensOf(file(token("Hello", R"(, "normalized": true)")), lowercase);
    EXPECT_EQ(split(tokens, "Hello hello", AddedTokens::Stage::Raw), "|Hello hello|");
    EXPECT_EQ(split(tokens, "hello hello", AddedTokens::Stage::Normalized), "|[hello]| |[hello]|");
}

TEST(AddedTokens, MayRepeatTheVocabularyButNotContradictIt)
{
    const auto refusal
        = [](const std::string& json) { return refusalOf<AddedTokens>(json, vocabularyOf("a", 0), Normalizer()); };
    EXPECT_EQ(refusal(file(R"({"id": 0, "content": "a"})")), "");
    EXPECT_EQ(refusal(file(R"({"id": 5, "content": "a"})")),
        "part.added_tokens[0] gives \"a\" the id 5, but it has 0 in the vocabulary");
    EXPECT_EQ(refusal(file(R"({"id": 0, "content": "b"})")),
        "part.added_tokens[0] gives \"b\" the id 0, which is \"a\" in the vocabulary");
    EXPECT_EQ(refusal(file(R"({"id": 5, "content": "b"}, {"id": 5, "content": "c"})")),
        "part.added_tokens[1] gives \"c\" the id 5, but the text or the id was added before");
    EXPECT_EQ(refusal(file(R"({"id": 2000000000, "content": "b"})")),
        "part.added_tokens[0].id must be a whole number from 0 to 65540");
    EXPECT_EQ(
        refusal(file(R"({"id": 1, "content": ""})")), "part.added_tokens[0] must have a content of 1 to 1024 bytes");
    EXPECT_EQ(refusal("{}"), "");
}

} // namespace
} // namespace dubito::tokenizer
