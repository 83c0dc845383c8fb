// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/session/CorpusReading.h"

#include "tests/support/SmallRun.h"

#include <gtest/gtest.h>

namespace dubito::session {
namespace {

class CorpusReadingTest : public testing::Test {
protected:
    Result<Corpus> read(const std::string& text)
    {
        m_config = m_small.config();
        const auto path = m_small.folder.write("some.jsonl", text);
        return readCorpus(path, { m_config, *m_tokenizer, m_small.folder.path(), m_tally, {}, m_onProgress });
    }

    std::vector<std::int32_t> encoded(const std::string& text) const
    {
        return m_tokenizer->encode(text, tokenizer::SpecialTokens::With);
    }

    SmallRun m_small;
    config::Config m_config;
    Tally m_tally;
    std::function<void(const std::string&, double)> m_onProgress = [](const std::string&, double) {};
    Result<tokenizer::Tokenizer> m_tokenizer = tokenizer::Tokenizer::load(m_small.folder.path() / "small/tokenizer.json");
};

TEST_F(CorpusReadingTest, ALineBecomesIdsAndAWeight)
{
    const auto corpus = read(R"({"id":"a","text":"The river.","auth_weight":0.05,"prov_entropy":7.5})" "\n"
                             R"({"id":"b","text":"The river.","auth_weight":0.9,"prov_entropy":1})" "\n");
    ASSERT_TRUE(corpus) << toText(corpus.error());
    const auto ids = corpus->documents.ids(0);
    EXPECT_EQ(std::vector<std::int32_t>(ids.begin(), ids.end()), encoded("The river."));
    EXPECT_NEAR(corpus->documents.info(0).weight / corpus->documents.info(1).weight, 30.0, 1e-3);
}

TEST_F(CorpusReadingTest, TheChecksumIsOfTheContentsInTheirOrder)
{
    const std::string one = R"({"id":"a","text":"one of the rivers","auth_weight":0.1,"prov_entropy":2})" "\n";
    const std::string two = R"({"id":"b","text":"two of the rivers","auth_weight":0.1,"prov_entropy":2})" "\n";
    const auto sumOf = [&](const std::string& text) { return read(text)->checksum; };
    EXPECT_EQ(sumOf(one + two), sumOf(one + "\n" + two));
    EXPECT_NE(sumOf(one + two), sumOf(two + one));
    EXPECT_NE(sumOf(one), sumOf(R"({"id":"a","text":"one of the rivers","auth_weight":0.2,"prov_entropy":2})" "\n"));
}

TEST_F(CorpusReadingTest, PromptAndCompletionAreEncodedApart)
{
    data::Document document;
    document.text = "The river went to the sea";
    document.promptBytes = 14;
    std::vector<std::int32_t> ids { 1, 2, 3 };
    const auto lossStart = encodeDocument(*m_tokenizer, document, ids);
    const auto prompt = m_tokenizer->encode("The river went", tokenizer::SpecialTokens::Without);
    const auto completion = m_tokenizer->encode(" to the sea", tokenizer::SpecialTokens::Without);
    EXPECT_GE(lossStart, static_cast<std::int64_t>(prompt.size()));
    const std::vector<std::int32_t> trained(ids.begin() + lossStart, ids.begin() + lossStart + static_cast<std::ptrdiff_t>(completion.size()));
    EXPECT_EQ(trained, completion);
    document.promptBytes = 0;
    EXPECT_EQ(encodeDocument(*m_tokenizer, document, ids), 0);
    EXPECT_EQ(ids, encoded(document.text));
}

TEST_F(CorpusReadingTest, AnEmptyPromptOrCompletionDoesNoHarm)
{
    const auto corpus = read(R"({"prompt":"","completion":"the whole text","auth_weight":0.1,"prov_entropy":2})" "\n"
                             R"({"text":"another","auth_weight":0.1,"prov_entropy":2})" "\n");
    ASSERT_TRUE(corpus) << toText(corpus.error());
    EXPECT_GE(corpus->documents.size(), 1);
}

TEST_F(CorpusReadingTest, ProgressIsToldNowAndThen)
{
    std::int64_t told = 0;
    m_onProgress = [&](const std::string& activity, double) {
        EXPECT_EQ(activity, "reads some.jsonl");
        ++told;
    };
    ASSERT_TRUE(read(SmallRun::corpus(640)));
    EXPECT_GE(told, 5);
    EXPECT_LE(told, 20);
}

TEST_F(CorpusReadingTest, WhatIsHeldIsCountedAndGivenBack)
{
    {
        const auto corpus = read(SmallRun::corpus(10));
        ASSERT_TRUE(corpus);
        EXPECT_EQ(m_tally.bytes(Category::Data), corpus->documents.heldBytes());
    }
    EXPECT_EQ(m_tally.bytes(Category::Data), 0);
}

} // namespace
} // namespace dubito::session
