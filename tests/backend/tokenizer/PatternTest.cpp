// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/tokenizer/Pattern.h"

#include "tests/backend/tokenizer/ReadPart.h"

#include <gtest/gtest.h>

namespace dubito::tokenizer {
namespace {

constexpr std::string_view kLlama3
    = R"((?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+)";

std::vector<std::string> matches(const Pattern& pattern, const std::string& text)
{
    std::vector<std::string> found;
    Finder finder(pattern);
    finder.eachMatch(
        text, [&](TextRange match) { found.push_back(text.substr(match.begin, match.end - match.begin)); });
    return found;
}

std::vector<std::string> matches(std::string_view expression, const std::string& text)
{
    return matches(*Pattern::regex(expression), text);
}

using Texts = std::vector<std::string>;

TEST(Pattern, Llama3CutsAsPublished)
{
    EXPECT_EQ(matches(kLlama3, "I'LL pay 12345€,  ok?\n\n x"),
        (Texts { "I", "'LL", " pay", " ", "123", "45", "€,", " ", " ok", "?\n\n", " x" }));
    EXPECT_EQ(matches(kLlama3, "  \n  \n a"), (Texts { "  \n  \n", " a" }));
}

TEST(Pattern, BlanksAreThoseOfUnicodeAndNoOthers)
{
    EXPECT_EQ(matches(R"(\s)", "a\u0085b\u00A0c\u3000d\u180Ee\u200Bf").size(), 3U);
    EXPECT_EQ(matches(R"(\S+)", "a\u180E\u00A0b"), (Texts { "a\u180E", "b" }));
    EXPECT_EQ(matches(R"([^\S]+)", "a\u180E\u00A0b"), (Texts { "\u00A0" }));
    EXPECT_EQ(matches(R"([\Sx]+)", "a\u180E\u00A0b"), (Texts { "a\u180E", "b" }));
}

TEST(Pattern, WordsIncludeMarksAndTheirBordersFollow)
{
    EXPECT_EQ(matches(R"(\w+)", "e\u0301te\u0301 ½ _x"), (Texts { "e\u0301te\u0301", "_x" }));
    EXPECT_EQ(matches(R"(\be)", "e\u0301e e"), (Texts { "e", "e" }));
    EXPECT_EQ(matches(R"(\W+)", "a, ½b"), (Texts { ", ½" }));
}

TEST(Pattern, LinesEndAtLineFeeds)
{
    EXPECT_EQ(matches(R"(\s+$)", "a  \nb "), (Texts { "  ", " " }));
    EXPECT_EQ(matches("^.", "a\nb"), (Texts { "a", "b" }));
}

TEST(Pattern, AnEmptyExpressionMatchesBetweenCharacters)
{
    const auto pattern = Pattern::regex("");
    std::vector<TextRange> found;
    Finder finder(*pattern);
    finder.eachMatch("aé", [&](TextRange match) { found.push_back(match); });
    EXPECT_EQ(found, (std::vector<TextRange> { { 0, 0 }, { 1, 1 }, { 3, 3 } }));
}

TEST(Pattern, ALiteralKnowsNoSpecialCharacters)
{
    EXPECT_EQ(matches(Pattern::literal("."), "a.b."), (Texts { ".", "." }));
    EXPECT_TRUE(matches(Pattern::literal("x"), "").empty());
}

TEST(Pattern, ASearchWithoutEndIsGivenUp)
{
    // Recursion defeats every short cut: 2^n ways to divide a run of n letters.
    const auto pattern = Pattern::regex("^(?:(a|aa|aaa)+)+$");
    Finder finder(*pattern);
    int found = 0;
    finder.eachMatch(std::string(5000, 'a') + "b", [&](TextRange) { ++found; });
    EXPECT_EQ(found, 0);
    EXPECT_TRUE(finder.gaveUp());
}

TEST(Pattern, ALineOfAHundredThousandBlanksIsNoSuchSearch)
{
    const auto pattern = Pattern::regex(kLlama3);
    Finder finder(*pattern);
    int found = 0;
    finder.eachMatch(std::string(100000, ' ') + "x", [&](TextRange) { ++found; });
    EXPECT_EQ(found, 2);
    EXPECT_FALSE(finder.gaveUp());
}

TEST(Pattern, WhatCannotBeCompiledIsQuoted)
{
    EXPECT_EQ(Pattern::regex("(a").error().message, "the pattern \"(a\" cannot be read: missing closing parenthesis");
    EXPECT_FALSE(Pattern::regex(std::string(100000, 'a')));
    EXPECT_FALSE(Pattern::regex(std::string(500, '(') + std::string(500, ')')));
    EXPECT_FALSE(Pattern::regex(R"(\C)"));
    EXPECT_FALSE(Pattern::regex("((((a{999}){999}){999}){999})"));
}

TEST(Pattern, ReadsBothForms)
{
    EXPECT_EQ(matches(readPart<Pattern>(R"({"String": "a+"})"), "aa+"), (Texts { "a+" }));
    EXPECT_EQ(matches(readPart<Pattern>(R"({"Regex": "a+"})"), "aa+"), (Texts { "aa" }));
    EXPECT_EQ(refusalOf<Pattern>(R"({"Glob": "*"})"), "part must be {\"String\": …} or {\"Regex\": …}");
    EXPECT_EQ(refusalOf<Pattern>(R"({"Regex": "["})"),
        "part.Regex cannot be used: the pattern \"[\" cannot be read: missing terminating ] for character class");
}

} // namespace
} // namespace dubito::tokenizer
