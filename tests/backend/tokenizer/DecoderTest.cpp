// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/tokenizer/Decoder.h"

#include "tests/backend/tokenizer/ReadPart.h"

#include <gtest/gtest.h>

namespace dubito::tokenizer {
namespace {

using Tokens = std::vector<std::string>;

std::string decoded(std::string_view json, const Tokens& tokens) { return readPart<Decoder>(json).decode(tokens); }

TEST(Decoder, WithoutOneTokensAreJoinedWithBlanks) { EXPECT_EQ(decoded("null", { "a", "b" }), "a b"); }

TEST(Decoder, ByteLevelPutsCharactersTogetherAcrossTokens)
{
    EXPECT_EQ(decoded(R"({"type": "ByteLevel"})", { "Ġgr", "Ã", "¼n" }), " grün");
    EXPECT_EQ(decoded(R"({"type": "ByteLevel"})", { "<|end|>", "a b" }), "<|end|>a b");
    EXPECT_EQ(decoded(R"({"type": "ByteLevel"})", { "âĤ", "x", "ÿ" }), "\uFFFDx\uFFFD");
}

TEST(Decoder, ByteFallbackTakesARunAsAWhole)
{
    EXPECT_EQ(decoded(R"({"type": "ByteFallback"})", { "a", "<0xC3>", "<0xA9>", "b" }), "aéb");
    EXPECT_EQ(decoded(R"({"type": "ByteFallback"})", { "<0x41>", "<0xC3>" }), "\uFFFD\uFFFD");
    EXPECT_EQ(decoded(R"({"type": "ByteFallback"})", { "<0xG1>", "<0x41" }), "<0xG1><0x41");
}

TEST(Decoder, StripTakesAtMostSoManyFromEveryToken)
{
    constexpr std::string_view kStrip = R"({"type": "Strip", "content": "_", "start": 1, "stop": 2})";
    EXPECT_EQ(decoded(kStrip, { "__a___", "b", "_" }), "_a_b");
    EXPECT_EQ(decoded(R"({"type": "Strip", "content": "_", "start": 3, "stop": 3})", { "____" }), "");
}

TEST(Decoder, ReplaceWorksInsideEveryToken)
{
    EXPECT_EQ(decoded(R"({"type": "Replace", "pattern": {"String": "▁"}, "content": " "})", { "▁a▁", "▁" }), " a  ");
}

TEST(Decoder, MetaspaceDropsTheMarkOfTheFirstToken)
{
    constexpr std::string_view kAlways = R"({"type": "Metaspace", "replacement": "▁", "prepend_scheme": "always"})";
    constexpr std::string_view kNever = R"({"type": "Metaspace", "replacement": "▁", "prepend_scheme": "never"})";
    EXPECT_EQ(decoded(kAlways, { "▁a", "▁b" }), "a b");
    EXPECT_EQ(decoded(kNever, { "▁a", "▁b" }), " a b");
}

TEST(Decoder, Llama2)
{
    constexpr std::string_view kLlama2
        = R"({"type": "Sequence", "decoders": [{"type": "Replace", "pattern": {"String": "▁"},
        "content": " "}, {"type": "ByteFallback"}, {"type": "Fuse"}, {"type": "Strip", "content": " ", "start": 1, "stop": 0}]})";
    EXPECT_EQ(decoded(kLlama2, { "▁", "▁Hi", "<0x0A>", "▁you" }), " Hi\n you");
    EXPECT_EQ(decoded(kLlama2, {}), "");
}

TEST(Decoder, WhatItDoesNotKnowIsRefusedByName)
{
    EXPECT_EQ(
        refusalOf<Decoder>(R"({"type": "WordPiece"})"), "part is a decoder \"WordPiece\", which is not supported");
    EXPECT_EQ(refusalOf<Decoder>(R"({"type": "Strip", "content": " ", "start": -1, "stop": 0})"),
        "part.start must be a whole number from 0 to 1048576");
}

} // namespace
} // namespace dubito::tokenizer
