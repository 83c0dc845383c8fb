// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/tokenizer/PreTokenizer.h"

#include "tests/backend/tokenizer/ReadPart.h"

#include <gtest/gtest.h>

namespace dubito::tokenizer {
namespace {

enum class Place { Start, Later };

/// The pieces of `text` between bars.
std::string cut(std::string_view json, const std::string& text, Place place = Place::Start)
{
    Pieces pieces { .text = text, .ranges = { { 0, text.size() } }, .beginsText = place == Place::Start };
    EXPECT_TRUE(readPart<PreTokenizer>(json).apply(pieces));
    std::string shown = "|";
    for (std::size_t i = 0; i < pieces.ranges.size(); ++i) {
        shown.append(pieces.piece(i)).append("|");
    }
    return shown;
}

std::string byteLevel(std::string_view fields) { return R"({"type": "ByteLevel")" + std::string(fields) + "}"; }
std::string metaspace(std::string_view fields)
{
    return R"({"type": "Metaspace", "replacement": "▁")" + std::string(fields) + "}";
}

TEST(PreTokenizer, WithoutOneTheTextIsOnePiece) { EXPECT_EQ(cut("null", "a b"), "|a b|"); }

TEST(PreTokenizer, Gpt2)
{
    EXPECT_EQ(cut(byteLevel(R"(, "add_prefix_space": false, "trim_offsets": true)"), "Hello  world's 42!\n"),
        "|Hello|Ġ|Ġworld|'s|Ġ42|!|Ċ|");
}

TEST(PreTokenizer, ByteLevelPutsABlankInFrontUnlessOneIsThere)
{
    EXPECT_EQ(cut(byteLevel(""), "a b"), "|Ġa|Ġb|");
    EXPECT_EQ(cut(byteLevel(""), " a"), "|Ġa|");
}

TEST(PreTokenizer, ByteLevelWithoutItsPatternOnlySpells)
{
    EXPECT_EQ(cut(byteLevel(R"(, "add_prefix_space": false, "use_regex": false)"), "a é"), "|aĠÃ©|");
}

TEST(PreTokenizer, Qwen2)
{
    constexpr std::string_view kQwen2 = R"({"type": "Sequence", "pretokenizers": [{"type": "Split", "pattern": {"Regex":
        "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+"},
        "behavior": "Isolated", "invert": false},
        {"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": false, "use_regex": false}]})";
    EXPECT_EQ(cut(kQwen2, "x=12 DON'T"), "|x|=|1|2|ĠDON|'T|");
}

TEST(PreTokenizer, SmolLm)
{
    constexpr std::string_view kSmolLm
        = R"({"type": "Sequence", "pretokenizers": [{"type": "Digits", "individual_digits": true},
        {"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true, "use_regex": true}]})";
    EXPECT_EQ(cut(kSmolLm, "in 1984."), "|in|Ġ|1|9|8|4|.|");
}

TEST(PreTokenizer, DigitsTogetherOrOneByOne)
{
    EXPECT_EQ(cut(R"({"type": "Digits"})", "a12²b½"), "|a|12²|b|½|");
    EXPECT_EQ(cut(R"({"type": "Digits", "individual_digits": true})", "a12²b"), "|a|1|2|²|b|");
}

TEST(PreTokenizer, SplitRemovesKeepsAndInverts)
{
    constexpr std::string_view kWords
        = R"({"type": "Split", "pattern": {"Regex": "\\w+"}, "behavior": "Removed", "invert": true})";
    EXPECT_EQ(cut(kWords, "one, two"), "|one|two|");
    EXPECT_EQ(cut(R"({"type": "Split", "pattern": {"String": " "}, "behavior": "MergedWithPrevious"})", "a b c"),
        "|a |b |c|");
    EXPECT_EQ(cut(R"({"type": "Split", "pattern": {"Regex": ""}, "behavior": "Isolated"})", "aéb"), "|a|é|b|");
}

TEST(PreTokenizer, MetaspaceAlwaysFirstAndNever)
{
    EXPECT_EQ(cut(metaspace(R"(, "prepend_scheme": "always")"), "a b", Place::Later), "|▁a|▁b|");
    EXPECT_EQ(cut(metaspace(R"(, "prepend_scheme": "first")"), "a b", Place::Start), "|▁a|▁b|");
    EXPECT_EQ(cut(metaspace(R"(, "prepend_scheme": "first")"), "a b", Place::Later), "|a|▁b|");
    EXPECT_EQ(cut(metaspace(R"(, "prepend_scheme": "never")"), "a b"), "|a|▁b|");
}

TEST(PreTokenizer, MetaspaceMarksNoPieceTwice)
{
    EXPECT_EQ(cut(metaspace(""), " a"), "|▁a|");
    EXPECT_EQ(cut(metaspace(""), "▁a"), "|▁a|");
}

TEST(PreTokenizer, MetaspaceWithoutSplitIsMistral)
{
    EXPECT_EQ(cut(metaspace(R"(, "prepend_scheme": "first", "split": false)"), "a  b"), "|▁a▁▁b|");
}

TEST(PreTokenizer, TheOlderSwitchOfMetaspaceCountsWhereTheNewerIsAbsent)
{
    EXPECT_EQ(cut(metaspace(R"(, "add_prefix_space": true)"), "a"), "|▁a|");
    EXPECT_EQ(cut(metaspace(R"(, "add_prefix_space": false)"), "a"), "|a|");
    EXPECT_EQ(cut(metaspace(R"(, "add_prefix_space": true, "prepend_scheme": "never")"), "a"), "|a|");
    EXPECT_EQ(refusalOf<PreTokenizer>(metaspace(R"(, "add_prefix_space": false, "prepend_scheme": "always")")),
        "part says add_prefix_space false, but its prepend_scheme prepends");
}

TEST(PreTokenizer, FirstMeansTheFirstPieceOfAnEarlierStep)
{
    const std::string json = R"({"type": "Sequence", "pretokenizers": [
        {"type": "Split", "pattern": {"String": ","}, "behavior": "Isolated"},)"
        + metaspace(R"(, "prepend_scheme": "first")") + "]}";
    EXPECT_EQ(cut(json, "a,b"), "|▁a|,|b|");
}

TEST(PreTokenizer, WhatWasRemovedAtTheStartLeavesNoFirstPiece)
{
    const std::string json = R"({"type": "Sequence", "pretokenizers": [
        {"type": "Split", "pattern": {"String": ","}, "behavior": "Removed"},)"
        + metaspace(R"(, "prepend_scheme": "first")") + "]}";
    EXPECT_EQ(cut(json, ",b"), "|b|");
}

TEST(PreTokenizer, WhatItDoesNotKnowIsRefusedByName)
{
    EXPECT_EQ(refusalOf<PreTokenizer>(R"({"type": "BertPreTokenizer"})"),
        "part is a pre-tokenizer \"BertPreTokenizer\", which is not supported");
    EXPECT_EQ(refusalOf<PreTokenizer>(R"({"type": "Split", "pattern": {"String": "x"}, "behavior": "Melted"})"),
        "part.behavior is \"Melted\", which is not supported");
    EXPECT_EQ(refusalOf<PreTokenizer>(metaspace(R"(, "prepend_scheme": "last")")),
        "part.prepend_scheme is \"last\"; always, first and never are known");
    EXPECT_EQ(refusalOf<PreTokenizer>(R"({"type": "Metaspace", "replacement": "__"})"),
        "part.replacement must be a text of one character");
    EXPECT_EQ(refusalOf<PreTokenizer>(
                  R"({"type": "Sequence", "pretokenizers": [{"type": "ByteLevel"}, {"type": "ByteLevel"}]})"),
        "part.pretokenizers[1] is a second ByteLevel: bytes are spelled once");
}

TEST(PreTokenizer, APatternThatIsGivenUpLeavesTheRestInOnePiece)
{
    const auto preTokenizer = readPart<PreTokenizer>(
        R"({"type": "Split", "pattern": {"Regex": "^(?:(a|aa|aaa)+)+$"}, "behavior": "Isolated"})");
    const std::string text = std::string(5000, 'a') + "b";
    Pieces pieces { .text = text, .ranges = { { 0, text.size() } } };
    EXPECT_FALSE(preTokenizer.apply(pieces));
    EXPECT_EQ(pieces.ranges.size(), 1U);
}

} // namespace
} // namespace dubito::tokenizer
