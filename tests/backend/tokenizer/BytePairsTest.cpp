// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/tokenizer/BytePairs.h"

#include "tests/backend/tokenizer/ReadPart.h"

#include <gtest/gtest.h>

namespace dubito::tokenizer {
namespace {

/// The tokens of `piece`, joined by bars.
std::string tokens(const BytePairs& model, std::string_view piece)
{
    BytePairs::Scratch scratch;
    std::vector<std::int32_t> ids;
    model.encode(piece, scratch, ids);
    std::string shown;
    for (const auto id : ids) {
        shown.append(shown.empty() ? "" : "|").append(*model.vocabulary().tokenOf(id));
    }
    return shown;
}

constexpr std::string_view kSmall
    = R"({"type": "BPE", "vocab": {"a": 0, "b": 1, "c": 2, "ab": 3, "bc": 4, "abc": 5, "cab": 6},
    "merges": ["b c", "a b", "ab c", "c ab"])";

std::string model(std::string_view more) { return std::string(kSmall) + std::string(more) + "}"; }

TEST(BytePairs, TheEarliestMergeGoesFirst)
{
    const auto pairs = readPart<BytePairs>(model(""));
    EXPECT_EQ(tokens(pairs, "abc"), "a|bc"); // b c comes before a b, and then nothing fits
    EXPECT_EQ(tokens(pairs, "ab"), "ab");
    EXPECT_EQ(tokens(pairs, "cab"), "cab");
    EXPECT_EQ(tokens(pairs, "ababab"), "ab|ab|ab");
    EXPECT_EQ(tokens(pairs, ""), "");
}

TEST(BytePairs, OfEqualMergesTheLeftmostGoesFirst)
{
    const auto pairs = readPart<BytePairs>(R"({"vocab": {"a": 0, "aa": 1}, "merges": ["a a"]})");
    EXPECT_EQ(tokens(pairs, "aaaaa"), "aa|aa|a");
}

TEST(BytePairs, MergesMayBePairs)
{
    const auto pairs
        = readPart<BytePairs>(R"({"type": "BPE", "vocab": {"a": 0, " ": 1, "a ": 2}, "merges": [["a", " "]]})");
    EXPECT_EQ(tokens(pairs, "a "), "a ");
}

TEST(BytePairs, TheVersionLineOfAnOldMergesFileIsNoMerge)
{
    const auto pairs = readPart<BytePairs>(R"({"vocab": {"a": 0, "aa": 1}, "merges": ["#version: 0.2", "a a"]})");
    EXPECT_EQ(tokens(pairs, "aaa"), "aa|a");
}

TEST(BytePairs, IgnoreMergesTakesAWholePieceThatIsAToken)
{
    EXPECT_EQ(tokens(readPart<BytePairs>(model(R"(, "ignore_merges": true)")), "abc"), "abc");
    EXPECT_EQ(tokens(readPart<BytePairs>(model(R"(, "ignore_merges": true)")), "abca"), "a|bc|a");
}

TEST(BytePairs, UnknownCharactersVanishWithoutAnUnknownToken)
{
    EXPECT_EQ(tokens(readPart<BytePairs>(model("")), "a€b"), "ab");
}

TEST(BytePairs, UnknownCharactersBecomeOneTokenEachOrTogether)
{
    constexpr std::string_view kWithUnknown = R"({"vocab": {"<unk>": 0, "a": 1}, "merges": [], "unk_token": "<unk>")";
    EXPECT_EQ(tokens(readPart<BytePairs>(std::string(kWithUnknown) + "}"), "xyaz"), "<unk>|<unk>|a|<unk>");
    EXPECT_EQ(
        tokens(readPart<BytePairs>(std::string(kWithUnknown) + R"(, "fuse_unk": true})"), "xyaz"), "<unk>|a|<unk>");
}

TEST(BytePairs, ByteFallbackSpellsACharacterWhenItHasAllItsBytes)
{
    const auto pairs = readPart<BytePairs>(R"({"vocab": {"<unk>": 0, "a": 1, "<0xC3>": 2, "<0xA9>": 3}, "merges": [],
        "unk_token": "<unk>", "fuse_unk": true, "byte_fallback": true})");
    EXPECT_EQ(tokens(pairs, "aé"), "a|<0xC3>|<0xA9>");
    EXPECT_EQ(tokens(pairs, "aè"), "a|<unk>");
}

TEST(BytePairs, BytesMayMergeLikeCharacters)
{
    const auto pairs = readPart<BytePairs>(R"({"vocab": {"<0xC3>": 0, "<0xA9>": 1, "<0xC3><0xA9>": 2},
        "merges": ["<0xC3> <0xA9>"], "byte_fallback": true})");
    EXPECT_EQ(tokens(pairs, "é"), "<0xC3><0xA9>");
}

TEST(BytePairs, TheWorkGrowsWithTheTextAlsoWithoutBlanks)
{
    const auto pairs = readPart<BytePairs>(
        R"({"vocab": {"a": 0, "aa": 1, "aaaa": 2, "aaaaaaaa": 3}, "merges": ["a a", "aa aa", "aaaa aaaa"]})");
    const auto steps = [&](std::size_t characters) {
        BytePairs::Scratch scratch;
        std::vector<std::int32_t> ids;
        pairs.encode(std::string(characters, 'a'), scratch, ids);
        EXPECT_EQ(ids.size(), characters / 8);
        return scratch.steps();
    };
    EXPECT_LE(steps(180000), 8 * 180000);
    EXPECT_LE(steps(180000), 2 * steps(90000) + 16);
}

TEST(BytePairs, RefusesWhatIsNoModelOfThisKind)
{
    EXPECT_EQ(refusalOf<BytePairs>("null"), "part must be an object: without a model there are no tokens");
    EXPECT_EQ(refusalOf<BytePairs>(R"({"type": "Unigram"})"), "part is \"Unigram\", which is not supported; BPE is");
    EXPECT_EQ(refusalOf<BytePairs>(model(R"(, "dropout": 0.1)")),
        "part.dropout is not supported: the same text must always give the same ids. Set it to null");
    EXPECT_EQ(refusalOf<BytePairs>(model(R"(, "end_of_word_suffix": "</w>")")),
        "part.end_of_word_suffix is not supported: only byte-level and SentencePiece-style models are");
    EXPECT_EQ(refusalOf<BytePairs>(model(R"(, "continuing_subword_prefix": "", "dropout": null)")), "");
    EXPECT_EQ(refusalOf<BytePairs>(model(R"(, "unk_token": "<unk>")")), "part.unk_token is not in the vocabulary");
}

TEST(BytePairs, RefusesVocabulariesThatContradictThemselves)
{
    EXPECT_EQ(refusalOf<BytePairs>(R"({"vocab": {"a": 0, "b": 0}, "merges": []})"),
        "part.vocab gives the id 0 to \"a\" and to \"b\"");
    EXPECT_EQ(refusalOf<BytePairs>(R"({"vocab": {"a": 4000000000}, "merges": []})"),
        "part.vocab gives \"a\" the id 4000000000; it must be a whole number from 0 to 65539");
    EXPECT_NE(refusalOf<BytePairs>(R"({"vocab": {"a": -1}, "merges": []})"), "");
    EXPECT_NE(refusalOf<BytePairs>(R"({"vocab": {"a": "0"}, "merges": []})"), "");
    EXPECT_NE(refusalOf<BytePairs>(R"({"vocab": {}, "merges": []})"), "");
    EXPECT_NE(refusalOf<BytePairs>(R"({"vocab": ["a"], "merges": []})"), "");
}

TEST(BytePairs, RefusesMergesOfWhatIsNotThere)
{
    EXPECT_EQ(refusalOf<BytePairs>(R"({"vocab": {"a": 0, "b": 1}, "merges": ["a b"]})"),
        "part.merges[0] needs the token \"ab\", which the vocabulary does not have");
    for (const char* merge : { R"("ab")", R"("a b c")", R"(["a"])", R"(["a", 1])", "7", "null" }) {
        EXPECT_EQ(refusalOf<BytePairs>(R"({"vocab": {"a": 0}, "merges": [)" + std::string(merge) + "]}"),
            "part.merges[0] must be two tokens, as \"a b\" or [\"a\", \"b\"]");
    }
    EXPECT_NE(refusalOf<BytePairs>(R"({"vocab": {"a": 0}})"), "");
}

} // namespace
} // namespace dubito::tokenizer
