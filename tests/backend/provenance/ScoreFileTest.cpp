// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/provenance/ScoreFile.h"

#include "backend/base/AtomicFile.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <filesystem>

namespace dubito::provenance {
namespace {

namespace fs = std::filesystem;

class ScoreFileTest : public testing::Test {
protected:
    void SetUp() override
    {
        m_folder = fs::path(testing::TempDir())
            / (std::string("score-") + testing::UnitTest::GetInstance()->current_test_info()->name());
        fs::remove_all(m_folder);
        fs::create_directories(m_folder);
    }
    void TearDown() override { fs::remove_all(m_folder); }

    fs::path m_folder;
};

data::Document letter()
{
    data::Document document;
    document.id = "d\"1";
    document.text = "A letter from the archive of the harbour, written in 1861 by the resident engineer.";
    return document;
}

TEST_F(ScoreFileTest, ALineSaysWhatWasFoundAndWhy)
{
    const auto document = letter();
    const auto line = toJsonLine(document, Scorer({}).score(document), ScoreText::Without);
    const auto json = nlohmann::json::parse(line);
    EXPECT_EQ(line.find('\n'), std::string::npos);
    EXPECT_EQ(json["id"], "d\"1");
    EXPECT_EQ(json["year"], 1861);
    EXPECT_EQ(json["method"], "dynamic");
    EXPECT_EQ(json["classes"]["archive"], 1);
    EXPECT_FALSE(json.contains("text"));
    double authority = 0;
    for (const auto& contribution : json["explanation"]) {
        authority += contribution["authority"].get<double>();
    }
    EXPECT_NEAR(authority, json["auth_weight"].get<double>(), 1e-12);
}

TEST_F(ScoreFileTest, WithItsTextALineKeepsPromptAndCompletionApart)
{
    auto document = letter();
    document.promptBytes = 8;
    const auto json = nlohmann::json::parse(toJsonLine(document, Scorer({}).score(document), ScoreText::With));
    EXPECT_EQ(json["prompt"], "A letter");
    EXPECT_EQ(json["completion"].get<std::string>().substr(0, 5), " from");
}

TEST_F(ScoreFileTest, WithItsTextALineIsOfTheSameSourceClassWhenItIsTrainedOn)
{
    auto document = letter();
    document.sourceType = "correspondence";
    const auto json = nlohmann::json::parse(toJsonLine(document, Scorer({}).score(document), ScoreText::With));
    EXPECT_EQ(json["source_type"], "correspondence");
}

TEST_F(ScoreFileTest, AppearsWholeOrNotAtAll)
{
    const auto document = letter();
    const Score score = Scorer({}).score(document);
    {
        auto file = ScoreFile::create(m_folder / "scores.jsonl", ScoreText::With);
        ASSERT_TRUE(file);
        ASSERT_TRUE(file->add(document, score));
    }
    EXPECT_FALSE(fs::exists(m_folder / "scores.jsonl"));

    auto file = ScoreFile::create(m_folder / "scores.jsonl", ScoreText::With);
    ASSERT_TRUE(file);
    for (int i = 0; i < 1000; ++i) {
        ASSERT_TRUE(file->add(document, score));
    }
    ASSERT_TRUE(file->close());
    const auto text = readText(m_folder / "scores.jsonl");
    ASSERT_TRUE(text);
    EXPECT_EQ(std::ranges::count(*text, '\n'), 1000);
    EXPECT_EQ(file->lines(), 1000);
}

TEST_F(ScoreFileTest, APlaceThatCannotBeWrittenIsAnError)
{
    const auto file = ScoreFile::create(m_folder / "absent" / "scores.jsonl", ScoreText::Without);
    ASSERT_FALSE(file);
    EXPECT_EQ(file.error().code, ErrorCode::Output);
}

} // namespace
} // namespace dubito::provenance
