// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/provenance/Citations.h"

#include "backend/provenance/FoldedText.h"

#include <gtest/gtest.h>

namespace dubito::provenance {
namespace {

std::int64_t citationsIn(std::string_view text) { return countCitations(FoldedText(text).characters()).count; }

TEST(Citations, NumbersInBrackets) { EXPECT_EQ(citationsIn("see [1] and [23], not [] or [a] or [1"), 2); }

TEST(Citations, NameAndYearInParentheses)
{
    EXPECT_EQ(citationsIn("(Smith, 1999)"), 1);
    EXPECT_EQ(citationsIn("(Smith 1999)"), 1);
    EXPECT_EQ(citationsIn("(Smith1999)"), 1); // the year may be the end of the word
    EXPECT_EQ(citationsIn("(1999)"), 0);      // but a name there must be
    EXPECT_EQ(citationsIn("(51999)"), 1);     // "5" will do
    EXPECT_EQ(citationsIn("(Smith, 19999)"), 0);
    EXPECT_EQ(citationsIn("(van Smith, 1999)"), 0);
    EXPECT_EQ(citationsIn("(Müller, 1999) (Smith,\u00A0١٩٩٩)"), 2);
}

TEST(Citations, NameAndYearInBrackets)
{
    EXPECT_EQ(citationsIn("[Smith 1999]"), 1);
    EXPECT_EQ(citationsIn("[Smith, 1999]"), 0);
    EXPECT_EQ(citationsIn("[51999]"), 2); // a number in brackets, and a name with a year
}

TEST(Citations, NameWithOthers)
{
    EXPECT_EQ(citationsIn("(Smith et al., 1999) (Smith ET AL 1999) (Smith etal 1999)"), 2);
}

TEST(Citations, LatinReferences)
{
    EXPECT_EQ(citationsIn("Ibid, op. cit, opcit, LOC.  CIT, loc cet"), 4);
    EXPECT_EQ(citationsIn("prohibid"), 1); // no word boundary is asked for
    EXPECT_EQ(citationsIn("\u0131b\u0130d"), 1);
}

TEST(Citations, NumberedReferences)
{
    EXPECT_EQ(citationsIn("1. Smith, On clocks, London 1861"), 1);
    EXPECT_EQ(citationsIn("1. Smith, On clocks,\nLondon 1861"), 0);
    EXPECT_EQ(citationsIn("1. Smith, a 1861 2. Jones, b 1862"), 2);
    EXPECT_EQ(citationsIn("1.Smith, 1861"), 0);
    EXPECT_EQ(citationsIn("1. a, 2. b, 1999 3. c, 123456. d, 1888"), 3); // a match may end inside a number
}

TEST(Citations, TheFirstOneIsShown)
{
    const Citations citations = countCitations("see ibid and [1]");
    EXPECT_EQ(citations.firstBegin, 4U);
    EXPECT_EQ(citations.firstEnd, 8U);
}

} // namespace
} // namespace dubito::provenance
