// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/ScoreCommand.h"

#include "tests/support/TemporaryFolder.h"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

namespace dubito::app {
namespace {

constexpr const char* kPatent = R"({"id":"p","text":"US Patent 1,234,567, filed 1923: a laboratory notebook records the )"
                                R"(experiment and the measured voltage of the cell.","source_type":"patent"})";
constexpr const char* kWiki = R"({"id":"w","text":"According to Wikipedia, the scientific consensus is clear and the claim )"
                              R"(has been debunked by the WHO and the CDC.","source_type":"wiki"})";

class ScoreCommand : public testing::Test {
protected:
    Result<Scored> score(const std::string& corpus)
    {
        question.corpus = folder.write("corpus.jsonl", corpus);
        return scoreCorpus(question, out, [this](double share) { shares.push_back(share); });
    }

    static std::vector<nlohmann::json> linesOf(std::istream& in)
    {
        std::vector<nlohmann::json> lines;
        for (std::string line; std::getline(in, line);) {
            lines.push_back(nlohmann::json::parse(line));
        }
        return lines;
    }

    TemporaryFolder folder;
    ScoreQuestion question;
    std::ostringstream out;
    std::vector<double> shares;
};

TEST_F(ScoreCommand, EveryDocumentIsALineThatExplainsItself)
{
    const auto scored = score(std::string(kPatent) + "\n" + kWiki + "\n");
    ASSERT_TRUE(scored) << toText(scored.error());
    std::istringstream in(out.str());
    const auto lines = linesOf(in);
    ASSERT_EQ(lines.size(), 2U);
    EXPECT_EQ(lines[0].at("id"), "p");
    EXPECT_EQ(lines[1].at("id"), "w");
    EXPECT_LT(lines[0].at("auth_weight"), lines[1].at("auth_weight"));
    for (const auto& line : lines) {
        double authority = 0;
        for (const auto& part : line.at("explanation")) {
            authority += part.at("authority").get<double>();
        }
        EXPECT_NEAR(authority, line.at("auth_weight"), 1e-9) << "the contributions are the score";
        EXPECT_FALSE(line.contains("text"));
    }
    EXPECT_EQ(scored->summary.documents(), 2);
    EXPECT_DOUBLE_EQ(shares.back(), 1);
}

TEST_F(ScoreCommand, WithItsTextALineCanBeTrainedOn)
{
    question.text = provenance::ScoreText::With;
    question.output = folder.path() / "scores.jsonl";
    ASSERT_TRUE(score(std::string(kPatent) + "\n"));
    EXPECT_EQ(out.str(), "") << "the lines are in the file";
    std::ifstream in(question.output);
    const auto lines = linesOf(in);
    ASSERT_EQ(lines.size(), 1U);
    EXPECT_TRUE(lines[0].at("text").get<std::string>().starts_with("US Patent"));
}

TEST_F(ScoreCommand, BadLinesAreSkippedAndCounted)
{
    const auto scored = score(std::string(kPatent) + "\n{oops\n" + kWiki + "\n");
    ASSERT_TRUE(scored);
    EXPECT_EQ(scored->summary.documents(), 2);
    EXPECT_EQ(scored->report.refused, 1);
    const auto summary = nlohmann::json::parse(scored->summary.toJson(scored->report));
    EXPECT_EQ(summary.at("refused"), 1);
    EXPECT_EQ(summary.at("documents"), 2);
    EXPECT_EQ(summary.at("classes").at("patent").at("documents"), 1);
    EXPECT_THAT(scored->summary.toText(), testing::AllOf(testing::HasSubstr("authority"), testing::HasSubstr("wiki")));
}

TEST_F(ScoreCommand, ACorpusWithoutDocumentsIsRefusedAndNoFileIsLeft)
{
    question.output = folder.path() / "scores.jsonl";
    const auto scored = score("{oops\n");
    ASSERT_FALSE(scored);
    EXPECT_EQ(scored.error().code, ErrorCode::Data);
    EXPECT_FALSE(std::filesystem::exists(question.output));
}

TEST_F(ScoreCommand, AnOutputThatCannotBeWrittenIsNamed)
{
    question.output = folder.path() / "nowhere/scores.jsonl";
    const auto scored = score(std::string(kPatent) + "\n");
    ASSERT_FALSE(scored);
    EXPECT_EQ(scored.error().code, ErrorCode::Output);
    EXPECT_THAT(toText(scored.error()), testing::HasSubstr("nowhere"));
}

TEST(ScoreSummary, StaysSmallHoweverManyClassesThereAre)
{
    ScoreSummary summary;
    provenance::Score score;
    for (int i = 0; i < 1000; ++i) {
        score.sourceClass = "class-" + std::to_string(i);
        summary.add(score);
    }
    const auto classes = nlohmann::json::parse(summary.toJson({})).at("classes");
    EXPECT_EQ(classes.size(), 65U);
    EXPECT_EQ(classes.at("other").at("documents"), 1000 - 64);
}

} // namespace
} // namespace dubito::app
