// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/provenance/CompatScorer.h"

#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <string>

namespace dubito::provenance {
namespace {

using Classes = std::map<std::string, std::int64_t>;

/// A vector of the published scorer: one text, alone, without the batch policy.
struct Golden {
    std::string text;
    double authority;
    double entropy;
    std::int64_t citations;
    std::int64_t primary;
    double institution;
    double consensus;
    std::optional<std::int64_t> year;
    Classes classes;
    double term; ///< L at alpha 2.7
    data::Document metadata {};
};

data::Document withYear(std::int64_t year, std::string sourceType)
{
    data::Document document;
    document.year = year;
    document.sourceType = std::move(sourceType);
    return document;
}

data::Document withUrl(std::string url, std::string date)
{
    data::Document document;
    document.url = std::move(url);
    document.date = std::move(date);
    return document;
}

std::vector<Golden> published()
{
    return {
        { "plain text", 0.30, 1.5, 0, 0, 0, 0, std::nullopt, {}, 3.529419 },
        { "Specification of a patent granted in 1923: the pressure gauge, its scale, and one measurement made with it.",
            0.0, 8.1, 0, 2, 0, 0, 1923, { { "patent", 1 }, { "lab_notebook", 1 } }, 177.147000 },
        { "The encyclopedia Wikipedia and the WHO hold the scientific consensus; experts agree, and nobody calls this "
          "well-established fact into question.",
            0.80, 0.35, 0, 0, 0.30, 0.20, std::nullopt, { { "wiki", 1 } }, 4.282696 },
        { "Abstract. We measured the drift of forty clocks in an experimental cellar. Results: see [1] and [2]. "
          "References: (Survey, 2019).",
            0.330103, 4.484963, 3, 1, 0, 0, 2019,
            { { "lab_notebook", 1 }, { "measurement", 1 }, { "academic_paper", 1 } }, 45.040756 },
        { "The man who sold the conscience of the nature trail", 0.65, 0.975, 0, 0, 0.35, 0, std::nullopt, {},
            0.015116 },
        { "patent patent patent manuscript", 0.0, 5.1, 0, 4, 0, 0, std::nullopt, { { "patent", 1 }, { "archive", 1 } },
            70.227000 },
        { "In 1956 a study. The WHO government says scientific consensus, experts agree, settled science.", 0.70, 4.275,
            0, 0, 0.35, 0.20, 1956, { { "government", 1 } }, 25.464262 },
        { "She gave us 20 apples and de 5.", 0.30, 1.8, 0, 0, 0, 0, std::nullopt, { { "patent", 1 } }, 5.624606 },
        { "Received from the keeper of the archive, with a letter.", 0.0, 8.018296, 0, 2, 0, 0, 1899,
            { { "archive", 2 }, { "oral_history", 1 } }, 173.591284, withYear(1899, "historical_book") },
        { "An official announcement of the agency.", 0.70, 2.725, 0, 0, 0.25, 0, 2004,
            { { "news", 1 }, { "government", 1 } }, 6.246514, withUrl("https://example.gov/a", "2 March 2004") },
    };
}

Classes found(const CompatScore& score)
{
    Classes classes;
    for (std::size_t i = 0; i < kSourceClassCount; ++i) {
        if (score.classes[i] > 0) {
            classes[std::string(toWord(static_cast<SourceClass>(i)))] = score.classes[i];
        }
    }
    return classes;
}

CompatScore scoreOf(const std::string& text)
{
    data::Document document;
    document.text = text;
    return CompatScorer().score(document);
}

double half(int digits) { return 0.5 * std::pow(10, -digits) + 1e-12; }

TEST(CompatScorer, GivesThePublishedValues)
{
    const CompatScorer scorer;
    for (const Golden& golden : published()) {
        SCOPED_TRACE(golden.text);
        data::Document document = golden.metadata;
        document.text = golden.text;
        const CompatScore score = scorer.score(document);
        EXPECT_NEAR(score.authority, golden.authority, half(6));
        EXPECT_NEAR(score.entropy, golden.entropy, half(6));
        EXPECT_EQ(score.citations, golden.citations);
        EXPECT_EQ(score.primaryMarkers, golden.primary);
        EXPECT_DOUBLE_EQ(score.institution, golden.institution);
        EXPECT_DOUBLE_EQ(score.consensus, golden.consensus);
        EXPECT_EQ(score.year, golden.year);
        EXPECT_EQ(found(score), golden.classes);
        const double c = std::log(1 - score.authority + 1e-8) + score.entropy;
        EXPECT_NEAR(2.7 * c * c, golden.term, half(6));
    }
}

TEST(CompatScorer, MixesThePriorOfTheSourceTypeSeventyToThirty)
{
    struct Hybrid {
        std::string text;
        std::int64_t year;
        std::string sourceType;
        double authority;
        double entropy;
    };
    for (const Hybrid& golden :
        { Hybrid { "A short account of the harbour works, taken from the logbook of the resident "
                   "engineer.",
              1861, "historical_book", 0.07, 6.09 },
            Hybrid { "The ministry published its dietary guidelines for adults, and the agency explained them.", 2016,
                "government", 0.80, 0.89 } }) {
        data::Document document = withYear(golden.year, golden.sourceType);
        document.text = golden.text;
        Explanation ignored;
        const CompatScore score = mixedWithPrior(CompatScorer().score(document), document.sourceType, ignored);
        EXPECT_NEAR(score.authority, golden.authority, 1e-12);
        EXPECT_NEAR(score.entropy, golden.entropy, 1e-12);
    }
}

TEST(CompatScorer, TheExplanationSumsToTheScore)
{
    const CompatScorer scorer;
    for (const Golden& golden : published()) {
        data::Document document = golden.metadata;
        document.text = golden.text;
        Explanation explanation;
        const CompatScore score = scorer.score(document, explanation);
        double authority = 0;
        double entropy = 0;
        for (const Contribution& contribution : explanation) {
            authority += contribution.authority;
            entropy += contribution.entropy;
        }
        EXPECT_NEAR(authority, score.authority, 1e-12) << golden.text;
        EXPECT_NEAR(entropy, score.entropy, 1e-12) << golden.text;
    }
}

TEST(CompatScorer, TheExplanationShowsTheWordsAlsoBehindForeignLetters)
{
    data::Document document;
    document.text = "Ähnlich wie İstanbul: a Diary of 1861, müde.";
    Explanation explanation;
    CompatScorer().score(document, explanation);
    std::vector<std::string> shown;
    for (const Contribution& contribution : explanation) {
        if (contribution.span) {
            shown.push_back(
                document.text.substr(contribution.span->begin, contribution.span->end - contribution.span->begin));
        }
    }
    EXPECT_EQ(shown, (std::vector<std::string> { "1861", "Diary" }));
}

TEST(CompatScorer, AnExplanationStaysSmallHoweverOftenARuleFires)
{
    data::Document document;
    for (int i = 0; i < 5000; ++i) {
        document.text += "patent [1] experts agree ";
    }
    Explanation explanation;
    const CompatScore score = CompatScorer().score(document, explanation);
    EXPECT_EQ(score.primaryMarkers, 5000);
    EXPECT_EQ(score.citations, 5000);
    EXPECT_LT(explanation.size(), 32U);
}

TEST(CompatScorer, AKnownNumberOfCitationsReplacesTheCountedOne)
{
    data::Document document;
    document.text = "See [1].";
    Explanation explanation;
    EXPECT_EQ(CompatScorer().score(document, explanation, 999).citations, 999);
    EXPECT_NEAR(CompatScorer().score(document, explanation, 999).authority, 0.45, 1e-12);
    EXPECT_EQ(CompatScorer().score(document, explanation, 0).citations, 1);
}

TEST(CompatScorer, PhrasesAreCountedAsOftenAsTheyStandThere)
{
    EXPECT_EQ(scoreOf("experts agree, and experts agree").consensusPhrases, 2);
    EXPECT_EQ(scoreOf("scientific consensuscientific consensus").consensusPhrases, 1);
}

TEST(CompatScorer, HostileTextsTakeLinearTime)
{
    // Each of these makes a backtracking matcher quadratic; a megabyte would then take minutes.
    for (const std::string unit : { "1. a, ", "(a, ", "op ", "us ", "1", "[a ", "copyright ", " ", "patent us" }) {
        std::string text;
        while (text.size() < 1'000'000) {
            text += unit;
        }
        EXPECT_GE(scoreOf(text).authority, 0.0);
    }
}

TEST(CompatScorer, BrokenUtf8IsReadWithoutHarm)
{
    EXPECT_EQ(scoreOf("patent\xFF\xC0\x80 letter\xE2\x82").primaryMarkers, 2);
}

} // namespace
} // namespace dubito::provenance
