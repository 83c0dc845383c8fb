// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/provenance/Scorer.h"

#include <gtest/gtest.h>

namespace dubito::provenance {
namespace {

data::Document documentOf(std::string text, std::string sourceType = {})
{
    data::Document document;
    document.text = std::move(text);
    document.sourceType = std::move(sourceType);
    return document;
}

const std::string kLong = "The wind turned in the night, and in the morning the harbour lay empty.";

TEST(Scorer, ATextOfFewerThanFiftyCharactersGetsTheDefault)
{
    const Score score = Scorer({}).score(documentOf("patent patent", "patent_pre1970"));
    EXPECT_EQ(score.method, Method::Default);
    EXPECT_EQ(score.authority, 0.50);
    EXPECT_EQ(score.entropy, 3.0);
    ASSERT_EQ(score.explanation.size(), 1U);
    EXPECT_EQ(score.explanation[0].rule, Rule::TooShort);
}

TEST(Scorer, LengthIsInCharactersNotBytes)
{
    std::string text;
    for (int i = 0; i < 49; ++i) {
        text += "é";
    }
    EXPECT_EQ(Scorer({}).score(documentOf(text)).method, Method::Default);
    EXPECT_EQ(Scorer({}).score(documentOf(text + "é")).method, Method::Dynamic);
}

TEST(Scorer, ASourceTypeBringsItsPrior)
{
    const Score score = Scorer({}).score(documentOf(kLong, "wiki"));
    EXPECT_EQ(score.method, Method::Hybrid);
    EXPECT_NEAR(score.authority, 0.7 * 0.90 + 0.3 * 0.30, 1e-12);
    EXPECT_EQ(score.explanation.back().rule, Rule::Prior);
}

TEST(Scorer, PriorsCanBeSwitchedOff)
{
    const Score score = Scorer({ .priors = config::Switch::Off }).score(documentOf(kLong, "wiki"));
    EXPECT_EQ(score.method, Method::Dynamic);
    EXPECT_NEAR(score.authority, 0.30, 1e-12);
}

TEST(Scorer, TheSourceClassIsTheGivenTypeElseTheStrongestElseUnknown)
{
    const Scorer scorer({});
    EXPECT_EQ(scorer.score(documentOf(kLong, "my_type")).sourceClass, "my_type");
    EXPECT_EQ(scorer.score(documentOf(kLong)).sourceClass, "unknown");
    EXPECT_EQ(scorer.score(documentOf(kLong + " A diary.")).sourceClass, "oral_history");
    EXPECT_EQ(scorer.score(documentOf(kLong + " A wiki, a patent us 5.")).sourceClass, "patent");
}

TEST(Scorer, ContributionsSumToTheHybridScore)
{
    const Score score = Scorer({}).score(documentOf(kLong + " A diary of 1861.", "historical_book"));
    double authority = 0;
    double entropy = 0;
    for (const Contribution& contribution : score.explanation) {
        authority += contribution.authority;
        entropy += contribution.entropy;
    }
    EXPECT_NEAR(authority, score.authority, 1e-12);
    EXPECT_NEAR(entropy, score.entropy, 1e-12);
}

} // namespace
} // namespace dubito::provenance
