// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/tokenizer/Tokenizer.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <filesystem>
#include <fstream>

namespace dubito::tokenizer {
namespace {

using Ids = std::vector<std::int32_t>;

/// Lower case, bytes as fallback, <s> in front, a word that is normalized before it is looked for.
constexpr std::string_view kJson = R"({
  "added_tokens": [
    {"id": 1, "content": "<s>", "special": true, "normalized": false, "lstrip": false, "rstrip": false, "single_word": false},
    {"id": 8, "content": "Dubito", "special": false, "normalized": true}],
  "normalizer": {"type": "Lowercase"},
  "pre_tokenizer": {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "first", "split": true},
  "post_processor": {"type": "TemplateProcessing", "single": [{"SpecialToken": {"id": "<s>", "type_id": 0}},
    {"Sequence": {"id": "A", "type_id": 0}}], "pair": [], "special_tokens": {"<s>": {"id": "<s>", "ids": [1], "tokens": ["<s>"]}}},
  "decoder": {"type": "Sequence", "decoders": [{"type": "ByteFallback"}, {"type": "Metaspace", "replacement": "▁"}]},
  "model": {"type": "BPE", "unk_token": "<unk>", "fuse_unk": true, "byte_fallback": true,
    "vocab": {"<unk>": 0, "<s>": 1, "▁": 2, "a": 3, "b": 4, "ab": 5, "▁ab": 6, "<0xEF>": 9, "<0xBF>": 10, "<0xBD>": 11},
    "merges": [["a", "b"], "▁ ab"]}})";

Tokenizer small()
{
    auto tokenizer = Tokenizer::parse(kJson, "small");
    EXPECT_TRUE(tokenizer) << toText(tokenizer.error());
    return std::move(*tokenizer);
}

TEST(Tokenizer, PutsItsPartsInOrder)
{
    const auto tokenizer = small();
    EXPECT_EQ(tokenizer.encode("AB ab", SpecialTokens::Without), (Ids { 6, 6 }));
    EXPECT_EQ(tokenizer.encode("AB ab", SpecialTokens::With), (Ids { 1, 6, 6 }));
    EXPECT_EQ(tokenizer.encode("", SpecialTokens::With), (Ids { 1 }));
}

TEST(Tokenizer, SpecialTokensInTheTextAreFoundAndOnlyTheStartIsFirst)
{
    const auto tokenizer = small();
    EXPECT_EQ(tokenizer.encode("ab<s>ab", SpecialTokens::Without), (Ids { 6, 1, 5 }));
    EXPECT_EQ(tokenizer.encode("<S>", SpecialTokens::Without).front(), 2); // no special token: it is not normalized
    EXPECT_EQ(tokenizer.encode("a DUBITO a", SpecialTokens::Without), (Ids { 2, 3, 2, 8, 2, 3 }));
}

TEST(Tokenizer, IllFormedBytesCountAsReplacementCharacters)
{
    const auto tokenizer = small();
    EXPECT_EQ(tokenizer.encode("a\xFF", SpecialTokens::Without), (Ids { 2, 3, 9, 10, 11 }));
}

TEST(Tokenizer, AppendsToWhatIsThere)
{
    const auto tokenizer = small();
    Ids ids { 7 };
    tokenizer.encodeInto("ab", SpecialTokens::With, ids);
    tokenizer.encodeInto("b", SpecialTokens::Without, ids);
    EXPECT_EQ(ids, (Ids { 7, 1, 6, 2, 4 }));
}

TEST(Tokenizer, DecodesWithAndWithoutSpecialTokensAndSkipsUnknownIds)
{
    const auto tokenizer = small();
    const Ids ids { 6, 6, 1, 7, -3, 1 << 30, 9, 10, 11 };
    EXPECT_EQ(tokenizer.decode(ids, SpecialTokens::With), "ab ab<s>\uFFFD");
    EXPECT_EQ(tokenizer.decode(ids, SpecialTokens::Without), "ab ab\uFFFD");
}

TEST(Tokenizer, TellsItsTokens)
{
    const auto tokenizer = small();
    EXPECT_EQ(tokenizer.vocabularySize(), 12);
    EXPECT_EQ(tokenizer.idOf("Dubito"), 8);
    EXPECT_EQ(tokenizer.idOf("▁ab"), 6);
    EXPECT_FALSE(tokenizer.idOf("absent"));
    EXPECT_EQ(tokenizer.tokenOf(8), "Dubito");
    EXPECT_FALSE(tokenizer.tokenOf(7));
    ASSERT_EQ(tokenizer.specialTokens().size(), 1U);
    EXPECT_EQ(tokenizer.specialTokens()[0].content, "<s>");
    EXPECT_TRUE(tokenizer.isSpecial(1));
    EXPECT_FALSE(tokenizer.isSpecial(8));
    EXPECT_GT(tokenizer.bytes(), 0);
}

TEST(Tokenizer, ATextThatAPatternGaveUpOnIsCountedAndStillEncoded)
{
    const auto tokenizer = Tokenizer::parse(R"({"model": {"vocab": {"a": 0, "b": 1}, "merges": []}, "pre_tokenizer":
        {"type": "Split", "pattern": {"Regex": "^(?:(a|aa|aaa)+)+$"}, "behavior": "Isolated"}})",
        "hostile");
    ASSERT_TRUE(tokenizer);
    EXPECT_EQ(tokenizer->encode("ab", SpecialTokens::Without).size(), 2U);
    EXPECT_EQ(tokenizer->patternsGivenUp(), 0);
    EXPECT_EQ(tokenizer->encode(std::string(5000, 'a') + "b", SpecialTokens::Without).size(), 5001U);
    EXPECT_EQ(tokenizer->patternsGivenUp(), 1);
}

TEST(Tokenizer, TheCopiedOracleCasesPass)
{
    int cases = 0;
    for (const auto& folder :
        std::filesystem::directory_iterator(std::filesystem::path(DUBITO_SOURCE_DIR) / "tests/data/tokenizers")) {
        const auto tokenizer = Tokenizer::load(folder.path() / "tokenizer.json");
        ASSERT_TRUE(tokenizer) << toText(tokenizer.error());
        std::ifstream file(folder.path() / "encode_cases.json");
        for (const auto& row : nlohmann::json::parse(file)) {
            const auto text = row.at("text").get<std::string>();
            const auto ids = row.at("ids").get<Ids>();
            EXPECT_EQ(tokenizer->encode(text, SpecialTokens::Without), ids) << text;
            EXPECT_EQ(tokenizer->encode(text, SpecialTokens::With), row.value("ids_with_special", ids)) << text;
            EXPECT_EQ(tokenizer->decode(ids, SpecialTokens::With), row.value("decoded", text));
            ++cases;
        }
    }
    EXPECT_GT(cases, 800);
}

} // namespace
} // namespace dubito::tokenizer
