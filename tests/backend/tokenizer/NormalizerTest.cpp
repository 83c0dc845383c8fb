// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/tokenizer/Normalizer.h"

#include "tests/backend/tokenizer/ReadPart.h"

#include <gtest/gtest.h>

namespace dubito::tokenizer {
namespace {

std::string normalized(std::string_view json, std::string text)
{
    EXPECT_TRUE(readPart<Normalizer>(json).apply(text));
    return text;
}

TEST(Normalizer, NothingChangesNothing)
{
    EXPECT_EQ(normalized("null", " Ünïcode "), " Ünïcode ");
}

TEST(Normalizer, KnowsTheFourNormalForms)
{
    EXPECT_EQ(normalized(R"({"type": "NFC"})", "e\u0301 \uFB01 \u212B"), "\u00E9 \uFB01 \u00C5");
    EXPECT_EQ(normalized(R"({"type": "NFD"})", "\u00E9 \uFB01"), "e\u0301 \uFB01");
    EXPECT_EQ(normalized(R"({"type": "NFKC"})", "e\u0301 \uFB01 \u00B2"), "\u00E9 fi 2");
    EXPECT_EQ(normalized(R"({"type": "NFKD"})", "\u00E9 \uFB01"), "e\u0301 fi");
    EXPECT_EQ(normalized(R"({"type": "NFC"})", "\u1112\u1161\u11AB"), "\uD55C");
    EXPECT_EQ(normalized(R"({"type": "NFD"})", "\uD55C"), "\u1112\u1161\u11AB");
}

TEST(Normalizer, NfcLeavesLatin1AsItIs) { EXPECT_EQ(normalized(R"({"type": "NFC"})", "Größe ½"), "Größe ½"); }

TEST(Normalizer, MarksAreOrderedByTheirClassAndOtherwiseStay)
{
    EXPECT_EQ(normalized(R"({"type": "NFD"})", "a\u0301\u0323\u0300b"), "a\u0323\u0301\u0300b");
}

TEST(Normalizer, AHundredThousandMarksInARowTakeNoQuadraticTime)
{
    // With an insertion sort, as utf8proc has it, this test would not end within its time.
    std::string text = "a";
    std::string ordered = "a";
    for (int i = 0; i < 100000; ++i) {
        text += "\u0301\u0323";
    }
    for (const char* mark : { "\u0323", "\u0301" }) {
        for (int i = 0; i < 100000; ++i) {
            ordered += mark;
        }
    }
    EXPECT_EQ(toNormalForm(text, NormalForm::Nfd), ordered);
}

TEST(Normalizer, LowercaseLooksAtOneCharacterAtATime)
{
    EXPECT_EQ(normalized(R"({"type": "Lowercase"})", "ÀB ΣΑΣ İ ß"), "àb σασ i\u0307 ß");
}

TEST(Normalizer, StripTakesUnicodeBlanksFromTheSidesAskedFor)
{
    EXPECT_EQ(normalized(R"({"type": "Strip", "strip_left": true, "strip_right": false})", "\u3000 a b \n"), "a b \n");
    EXPECT_EQ(normalized(R"({"type": "Strip", "strip_left": false, "strip_right": true})", " a b \u00A0\n"), " a b");
    EXPECT_EQ(normalized(R"({"type": "Strip"})", " \t "), "");
    EXPECT_EQ(normalized(R"({"type": "Strip", "strip_left": true, "strip_right": false})", "  "), "");
    EXPECT_EQ(normalized(R"({"type": "Strip", "strip_left": false, "strip_right": true})", "  "), "");
}

TEST(Normalizer, PrependLeavesTheEmptyTextEmpty)
{
    EXPECT_EQ(normalized(R"({"type": "Prepend", "prepend": "▁"})", "a"), "▁a");
    EXPECT_EQ(normalized(R"({"type": "Prepend", "prepend": "▁"})", ""), "");
}

TEST(Normalizer, ReplaceTakesContentLiterally)
{
    EXPECT_EQ(normalized(R"({"type": "Replace", "pattern": {"String": " "}, "content": "▁"})", "a  b"), "a▁▁b");
    EXPECT_EQ(
        normalized(R"({"type": "Replace", "pattern": {"Regex": " {2,}"}, "content": "$0\\1"})", "a  b c"), "a$0\\1b c");
}

TEST(Normalizer, ASequenceRunsInItsOrder)
{
    // Llama 2.
    constexpr std::string_view kLlama2 = R"({"type": "Sequence", "normalizers": [{"type": "Prepend", "prepend": "▁"},
        {"type": "Replace", "pattern": {"String": " "}, "content": "▁"}]})";
    EXPECT_EQ(normalized(kLlama2, "a b"), "▁a▁b");
}

TEST(Normalizer, WhatItDoesNotKnowIsRefusedByName)
{
    EXPECT_EQ(
        refusalOf<Normalizer>(R"({"type": "Sequence", "normalizers": [{"type": "NFC"}, {"type": "Precompiled"}]})"),
        "part.normalizers[1] is a normalizer \"Precompiled\", which is not supported");
    EXPECT_EQ(refusalOf<Normalizer>(R"({"type": "Replace", "pattern": {"String": ""}, "content": "x"})"),
        "part.pattern must not be empty: the empty text is found everywhere");
    EXPECT_EQ(refusalOf<Normalizer>(R"({"type": "Prepend"})"), "part.prepend must be a text");
    EXPECT_EQ(refusalOf<Normalizer>("[]"), "part.type must be a text");
}

TEST(Normalizer, ATextCannotBeBlownUp)
{
    std::string json = R"({"type": "Sequence", "normalizers": [{"type": "NFC"})";
    for (int i = 0; i < 12; ++i) {
        json += R"(, {"type": "Replace", "pattern": {"String": "a"}, "content": "aaaaaaaaaaaaaaaa"})";
    }
    std::string text = "a";
    EXPECT_FALSE(readPart<Normalizer>(json + "]}").apply(text));
    EXPECT_LE(text.size(), mostBytes(1));
    for (int i = 0; i < 12; ++i) {
        json += R"(, {"type": "NFC"})";
    }
    EXPECT_EQ(refusalOf<Normalizer>(json + "]}"), "part.normalizers[16] is one step too many; 16 are allowed");
}

} // namespace
} // namespace dubito::tokenizer
