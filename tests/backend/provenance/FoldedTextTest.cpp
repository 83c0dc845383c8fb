// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/provenance/FoldedText.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace dubito::provenance {
namespace {

/// W word, D digit, S space, - other, one for each character.
std::string kinds(std::string_view text)
{
    std::string result;
    const FoldedText folded(text);
    for (const char c : folded.characters()) {
        result.push_back(symbol::isDigit(c) ? 'D' : symbol::isWord(c) ? 'W' : symbol::isSpace(c) ? 'S' : '-');
    }
    return result;
}

TEST(FoldedText, HasOneSymbolForEachCharacter) { EXPECT_EQ(FoldedText("Größe 😀").characters().size(), 7U); }

TEST(FoldedText, LettersDigitsAndSpacesAreThoseOfPython)
{
    EXPECT_EQ(kinds("aZ_9 -"), "WWWDS-");
    EXPECT_EQ(kinds("äЖ中"), "WWW");
    EXPECT_EQ(kinds("٣५９"), "DDD"); // decimal digits of three scripts
    EXPECT_EQ(kinds("²Ⅷ½"), "WWW");  // numbers, but no decimal digits
    EXPECT_EQ(kinds("\u0301\u20AC\u2028\u00A0\u3000"), "--SSS");
    EXPECT_EQ(kinds("\x1c\x1f\x0b"), "SSS");
}

TEST(FoldedText, ForeignDigitsKeepTheirValue)
{
    const FoldedText text("١٩٢٣𝟗");
    std::string values;
    for (const char c : text.characters()) {
        values.push_back(static_cast<char>('0' + symbol::digitValue(c)));
    }
    EXPECT_EQ(values, "19239");
}

TEST(FoldedText, IsLowerCaseAlsoForTheOddOnes)
{
    EXPECT_EQ(FoldedText("PaTeNT \u212A").lowered(), "patent k");
    const FoldedText dotted("D\u0130ary");
    EXPECT_EQ(dotted.characters().size(), 5U);
    EXPECT_EQ(dotted.lowered().size(), 6U); // the dot becomes a mark of its own
    EXPECT_EQ(dotted.lowered().substr(0, 2), "di");
}

TEST(FoldedText, LeadsBackToTheBytesOfTheOriginal)
{
    const std::string original = "é\u0130 letter 中";
    const FoldedText text(original);
    const std::size_t at = text.lowered().find("letter");
    const Span span = text.bytesOfLowered(at, at + 6);
    EXPECT_EQ(original.substr(span.begin, span.end - span.begin), "letter");
    const std::size_t count = text.characters().size();
    EXPECT_EQ(text.bytesOfCharacters(count - 1, count), (Span { original.size() - 3, original.size() }));
}

TEST(FoldedText, CaseIsIgnoredAsPythonIgnoresIt)
{
    const FoldedText text("\u0131\u0130\u017F");
    EXPECT_TRUE(symbol::isSameLetter(text.characters()[0], 'i'));
    EXPECT_TRUE(symbol::isSameLetter(text.characters()[1], 'i'));
    EXPECT_TRUE(symbol::isSameLetter(text.characters()[2], 's'));
    EXPECT_FALSE(symbol::isSameLetter(text.characters()[2], 'i'));
}

} // namespace
} // namespace dubito::provenance
