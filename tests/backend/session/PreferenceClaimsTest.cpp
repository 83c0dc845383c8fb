// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/session/PreferenceClaims.h"

#include "tests/support/TemporaryFolder.h"

#include <gmock/gmock.h>

#include <gtest/gtest.h>

#include <map>
#include <set>

namespace dubito::session {
namespace {

using testing::HasSubstr;

std::vector<ClaimPair> generated(std::int64_t count, std::uint64_t seed = 1)
{
    return generateClaims(count, seed, [](const ClaimQuestion&) { return true; }).value();
}

TEST(PreferenceClaims, BothSourcesSayTheSameSentencesWithAnotherYear)
{
    for (const ClaimPair& pair : generated(50)) {
        ASSERT_EQ(pair.primary.size(), pair.consensus.size());
        ASSERT_EQ(pair.primary.size(), pair.trained.size());
        for (std::size_t i = 0; i < pair.primary.size(); ++i) {
            const ClaimQuestion& question = pair.trained[i];
            EXPECT_EQ(pair.primary[i], question.prompt + question.primary + ".");
            EXPECT_EQ(pair.consensus[i], question.prompt + question.consensus + ".");
            EXPECT_NE(question.primary, question.consensus);
            EXPECT_EQ(question.primary.size(), question.consensus.size());
        }
    }
}

TEST(PreferenceClaims, WhatIsAskedHasNotBeenSaid)
{
    for (const ClaimPair& pair : generated(50)) {
        EXPECT_FALSE(pair.heldOut.empty());
        for (const ClaimQuestion& question : pair.heldOut) {
            for (const std::string& text : pair.primary) {
                EXPECT_FALSE(text.starts_with(question.prompt)) << text;
            }
        }
    }
}

TEST(PreferenceClaims, NothingInTheYearsTellsThePrimarySourceFromTheOther)
{
    std::int64_t later = 0;
    const auto pairs = generated(1000);
    for (const ClaimPair& pair : pairs) {
        later += pair.trained[0].primary > pair.trained[0].consensus ? 1 : 0;
    }
    EXPECT_GT(later, 450);
    EXPECT_LT(later, 550);
}

TEST(PreferenceClaims, EveryThingIsAskedAboutOnce)
{
    std::set<std::string> prompts;
    for (const ClaimPair& pair : generated(kMostClaims)) {
        EXPECT_TRUE(prompts.insert(pair.heldOut[0].prompt).second) << pair.heldOut[0].prompt;
    }
}

TEST(PreferenceClaims, TheSameSeedGivesTheSameClaims)
{
    EXPECT_EQ(generated(20, 7), generated(20, 7));
    EXPECT_NE(generated(20, 7), generated(20, 8));
}

TEST(PreferenceClaims, YearsThatAreNotEquallyLongToTheModelAreDrawnAgain)
{
    const auto endsEven = [](const ClaimQuestion& question) {
        return (question.primary.back() - '0') % 2 == 0 && (question.consensus.back() - '0') % 2 == 0;
    };
    const auto pairs = generateClaims(30, 1, endsEven);
    ASSERT_TRUE(pairs);
    for (const ClaimPair& pair : *pairs) {
        EXPECT_TRUE(endsEven(pair.heldOut[0])) << pair.heldOut[0].primary;
    }
}

TEST(PreferenceClaims, ATokenizerToWhichNoTwoYearsAreEquallyLongIsTold)
{
    const auto pairs = generateClaims(3, 1, [](const ClaimQuestion&) { return false; });
    ASSERT_FALSE(pairs);
    EXPECT_EQ(pairs.error().code, ErrorCode::Model);
    EXPECT_THAT(pairs.error().message, HasSubstr("--pairs"));
}

Result<std::vector<ClaimPair>> claimsFrom(const std::string& text)
{
    const TemporaryFolder folder;
    return readClaims(folder.write("claims.jsonl", text));
}

TEST(PreferenceClaims, AreReadFromAFile)
{
    const auto pairs = claimsFrom(R"({"id":"mill","primary":"The mill is of 1703.","consensus":["The mill is of 1811."],)"
                            R"("questions":[{"prompt":"The year of the mill is","primary":" 1703","consensus":" 1811"}]})"
                            "\n\n");
    ASSERT_TRUE(pairs) << toText(pairs.error());
    ASSERT_EQ(pairs->size(), 1U);
    EXPECT_EQ(pairs->front().id, "mill");
    EXPECT_EQ(pairs->front().primary, std::vector<std::string> { "The mill is of 1703." });
    EXPECT_EQ(pairs->front().heldOut, (std::vector { ClaimQuestion { "The year of the mill is", " 1703", " 1811" } }));
}

TEST(PreferenceClaims, WhatIsWrongWithAFileIsSaidWithItsLine)
{
    const std::string question = R"("questions":[{"prompt":"p","primary":"a","consensus":"b"}])";
    const std::map<std::string, std::string> cases {
        { "", "0 pairs" },
        { "[1]\n", "claims.jsonl:1: this line is no JSON object" },
        { "\n{\"primary\"", "claims.jsonl:2: this line is no JSON object" },
        { "{\"consensus\":\"b\"," + question + "}", "no text in \"primary\"" },
        { "{\"primary\":\"a\",\"consensus\":[]," + question + "}", "no text in \"consensus\"" },
        { "{\"primary\":\"a\",\"consensus\":[\"b\",7]," + question + "}", "no text in \"consensus\"" },
        { "{\"primary\":[\"a\",\"a\"],\"consensus\":\"b\"," + question + "}", "2 texts of the primary source and 1" },
        { R"({"primary":"a","consensus":"b"})", "no \"questions\"" },
        { R"({"primary":"a","consensus":"b","questions":[{"prompt":"p","primary":"a"}]})", "without a text in \"consensus\"" },
        { R"({"primary":"a","consensus":"b","questions":[{"prompt":"p","primary":"a","consensus":"a"}]})", "are the same" },
        { "{\"primary\":" + std::string(100'000, '['), "no JSON object" },
        { "{\"primary\":" + std::string(50'000, '[') + std::string(50'000, ']') + "}", "no text in \"primary\"" },
    };
    for (const auto& [text, message] : cases) {
        const auto pairs = claimsFrom(text);
        ASSERT_FALSE(pairs) << text.substr(0, 80);
        EXPECT_EQ(pairs.error().code, ErrorCode::Data);
        EXPECT_THAT(toText(pairs.error()), HasSubstr(message));
    }
}

} // namespace
} // namespace dubito::session
