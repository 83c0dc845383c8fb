// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/tokenizer/Utf8.h"

#include <gtest/gtest.h>

namespace dubito::tokenizer {
namespace {

TEST(Utf8, EveryCodePointReadsBackAsItself)
{
    for (char32_t point = 0; point <= 0x10FFFF; point += point < 0x900 ? 1 : 77) {
        if (point >= 0xD800 && point <= 0xDFFF) {
            continue;
        }
        const std::string text = toUtf8(point);
        EXPECT_TRUE(isWellFormed(text));
        EXPECT_EQ(characterAt(text, 0), (Character { point, text.size() }));
    }
}

TEST(Utf8, SurrogatesOverlongFormsAndWhatLiesBeyondUnicodeAreIllFormed)
{
    for (const char* bytes : { "\xED\xA0\x80", "\xC0\xAF", "\xE0\x80\xAF", "\xF0\x80\x80\xAF", "\xF4\x90\x80\x80",
             "\xF5", "\x80", "\xC3" }) {
        EXPECT_FALSE(isWellFormed(bytes)) << bytes;
    }
}

TEST(Utf8, EveryMaximalIllFormedPartBecomesOneReplacementCharacter)
{
    EXPECT_EQ(repaired("a\xFFz"), "a\uFFFDz");
    EXPECT_EQ(repaired("\xE2\x82("), "\uFFFD(");               // the beginning of a euro sign
    EXPECT_EQ(repaired("\xF0\x9F\x98"), "\uFFFD");             // of a face
    EXPECT_EQ(repaired("\xED\xA0\x80"), "\uFFFD\uFFFD\uFFFD"); // a surrogate has no well-formed beginning
    EXPECT_EQ(repaired("\xC0\xAF"), "\uFFFD\uFFFD");
    EXPECT_EQ(repaired("grün"), "grün");
}

TEST(Utf8, AQuotationIsCutBetweenCharacters)
{
    EXPECT_EQ(clipped("short", 5), "short");
    EXPECT_EQ(clipped("ab\u00E9", 3), "ab…");
}

TEST(Utf8, WhiteSpaceIsThePropertyOfUnicode)
{
    for (const char32_t point : { 0x09, 0x0D, 0x20, 0x85, 0xA0, 0x1680, 0x2003, 0x2028, 0x202F, 0x205F, 0x3000 }) {
        EXPECT_TRUE(isWhiteSpace(point)) << static_cast<std::uint32_t>(point);
    }
    for (const char32_t point : { 0x08, 0x1F, 0x180E, 0x200B, 0xFEFF, 0x5F }) {
        EXPECT_FALSE(isWhiteSpace(point)) << static_cast<std::uint32_t>(point);
    }
}

TEST(Utf8, NumbersAreMoreThanDigits)
{
    for (const char32_t point : { U'7', U'²', U'½', U'Ⅻ', U'٣', U'〇' }) {
        EXPECT_TRUE(isNumeric(point)) << static_cast<std::uint32_t>(point);
    }
    EXPECT_FALSE(isNumeric(U'x'));
    EXPECT_FALSE(isNumeric(U'一')); // a numeral, but a letter to Unicode
}

TEST(Utf8, WordsHaveLettersMarksDigitsAndJoiners)
{
    for (const char32_t point : { U'a', U'ß', U'中', char32_t { 0x301 }, U'4', U'_', U'ⓐ', char32_t { 0x200D },
             char32_t { 0x1F130 }, char32_t { 0x1F189 } }) {
        EXPECT_TRUE(isWordCharacter(point)) << static_cast<std::uint32_t>(point);
    }
    for (const char32_t point : { U'-', U' ', U'²', U'€' }) {
        EXPECT_FALSE(isWordCharacter(point)) << static_cast<std::uint32_t>(point);
    }
}

} // namespace
} // namespace dubito::tokenizer
