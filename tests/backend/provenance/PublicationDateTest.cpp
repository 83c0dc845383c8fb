// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/provenance/PublicationDate.h"

#include <gtest/gtest.h>

namespace dubito::provenance {
namespace {

std::optional<std::int64_t> yearOf(const data::Document& document)
{
    const auto found = compatYear(document, FoldedText(document.text));
    return found ? std::optional(found->year) : std::nullopt;
}

std::optional<std::int64_t> yearIn(std::string text)
{
    data::Document document;
    document.text = std::move(text);
    return yearOf(document);
}

TEST(PublicationDate, AWholeNumberInTheMetadataIsTakenAsItIs)
{
    data::Document document;
    document.text = "Published in 1923";
    document.year = std::int64_t { 12 };
    EXPECT_EQ(yearOf(document), 12);
}

TEST(PublicationDate, ATextInTheMetadataGivesItsFirstYear)
{
    data::Document document;
    document.year = std::string("c. 12345 or 1066, or 1923");
    EXPECT_EQ(yearOf(document), 1066);
    document.year = std::string("unknown");
    document.published = std::string("2 March 2004");
    EXPECT_EQ(yearOf(document), 2004);
    document.publicationDate = std::string("1950-01-01");
    EXPECT_EQ(yearOf(document), 1950);
}

TEST(PublicationDate, AnAnnouncedYearGoesBeforeOneThatIsMentioned)
{
    EXPECT_EQ(yearIn("In 1850 it began. Copyright 1911."), 1911);
    EXPECT_EQ(yearIn("In 1850 it began. PUBLISHED in  1911"), 1911);
    EXPECT_EQ(yearIn("© 1911, after 1850"), 1911);
    EXPECT_EQ(yearIn("written1911"), 1911);
    EXPECT_EQ(yearIn("publi\u017Fhed \u0130n \u0661\u0669\u0661\u0661"), 1911);
    EXPECT_EQ(yearIn("published by A in 1911, after 1850"), 1911); // as the first that is mentioned
}

TEST(PublicationDate, OfTwoAnnouncedYearsTheFirstDecides)
{
    EXPECT_EQ(yearIn("First heard of in 1850, written 1450, copyright 1911"), 1850);
    EXPECT_EQ(yearIn("written 9999"), std::nullopt);
}

TEST(PublicationDate, AMentionedYearStandsAlone)
{
    EXPECT_EQ(yearIn("in the 1920s, 11923, x1923, 1923a, 1700, 2030, 1861"), 1861);
    EXPECT_EQ(yearIn("2029"), 2029);
    EXPECT_EQ(yearIn("no year"), std::nullopt);
}

TEST(PublicationDate, OnlyTheFirstTwoThousandCharactersAreRead)
{
    const std::string before(1995, ' ');
    EXPECT_EQ(yearIn(before + " 1923 "), 1923);
    EXPECT_EQ(yearIn(before + "  1923 "), std::nullopt);
    std::string foreign;
    for (int i = 0; i < 1995; ++i) {
        foreign += "é";
    }
    EXPECT_EQ(yearIn(foreign + " 1923"), 1923); // characters, not bytes
    EXPECT_EQ(yearIn(before + " 19234"), 1923); // the cut is a boundary, as in the original
}

TEST(PublicationDate, ShowsItsPlace)
{
    data::Document document;
    document.text = "Größe, 1923";
    const auto found = compatYear(document, FoldedText(document.text));
    ASSERT_TRUE(found && found->span);
    EXPECT_EQ(document.text.substr(found->span->begin, found->span->end - found->span->begin), "1923");
}

} // namespace
} // namespace dubito::provenance
