// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/session/Preparation.h"

#include "backend/data/BatchSampler.h"
#include "backend/tokenizer/Tokenizer.h"
#include "tests/support/SmallRun.h"

#include <gtest/gtest.h>

#include <cmath>

namespace dubito::session {
namespace {

using config::WeightingMode;

class PreparationTest : public testing::Test {
protected:
    Result<Prepared> prepared()
    {
        const auto config = m_small.config();
        return prepare({ config, m_small.folder.path(), m_tally, m_stop.get_token(),
            [this](const std::string& activity, double share) {
                m_activities.push_back(activity);
                EXPECT_GE(share, 0);
                EXPECT_LE(share, 1);
            } });
    }

    /// Refused with this code, and a sentence that holds these words.
    void expectRefused(ErrorCode code, const std::string& words)
    {
        const auto result = prepared();
        ASSERT_FALSE(result) << words;
        EXPECT_EQ(result.error().code, code) << toText(result.error());
        EXPECT_NE(toText(result.error()).find(words), std::string::npos) << toText(result.error());
    }

    bool isNoted(const Prepared& result, const std::string& words) const
    {
        return std::ranges::any_of(
            result.notes, [&](const std::string& note) { return note.find(words) != std::string::npos; });
    }

    SmallRun m_small;
    Tally m_tally;
    std::stop_source m_stop;
    std::vector<std::string> m_activities;
};

TEST_F(PreparationTest, ACorpusBecomesDocumentsWithWeightsWhoseMeanIsOne)
{
    const auto result = prepared();
    ASSERT_TRUE(result) << toText(result.error());
    EXPECT_EQ(result->documents.size(), 24);
    ASSERT_TRUE(result->validation);
    EXPECT_EQ(result->validation->size(), 6);
    EXPECT_EQ(result->documents.report().given, 18);
    EXPECT_EQ(result->documents.report().scored, 6);
    EXPECT_FALSE(result->weights) << "the model has no weights: random numbers";
    EXPECT_TRUE(isNoted(*result, "random numbers"));
    EXPECT_TRUE(isNoted(*result, "24 documents"));
    EXPECT_EQ(result->modelName.substr(0, 7), "small, ");
    double sum = 0;
    for (std::int64_t i = 0; i < result->documents.size(); ++i) {
        sum += result->documents.info(i).weight * result->scale.factor + result->scale.offset;
    }
    EXPECT_NEAR(sum / 24, 1.0, 1e-12);
    EXPECT_FALSE(m_activities.empty());
}

TEST_F(PreparationTest, UnlabelledDocumentsThatAreNotScoredStayOutOfTheMean)
{
    m_small.set("data.unlabelled", "weight_one");
    const auto result = prepared();
    ASSERT_TRUE(result);
    EXPECT_EQ(result->documents.report().weightOne, 6);
    double sum = 0;
    for (std::int64_t i = 0; i < result->documents.size(); ++i) {
        const auto info = result->documents.info(i);
        sum += info.labels == data::LabelSource::WeightOne ? 0 : info.weight * result->scale.factor;
    }
    EXPECT_NEAR(sum / 18, 1.0, 1e-12);
}

TEST_F(PreparationTest, TheFingerprintKnowsWhatMustStayEqualAndNothingElse)
{
    const auto fingerprint = [&] { return prepared()->fingerprint; };
    const auto first = fingerprint();
    EXPECT_EQ(fingerprint(), first);
    m_small.set("training.steps", "99").set("training.learning_rate", "0.5").set("training.batch_size", "1");
    EXPECT_EQ(fingerprint(), first);
    for (const auto& [key, value] : std::vector<std::pair<std::string, std::string>> { { "training.seed", "43" },
             { "training.seq_len", "23" }, { "distrust.weighting", "hinge" }, { "data.shuffle", "off" } }) {
        m_small.set(key, value);
        EXPECT_NE(fingerprint(), first) << key;
        m_small.set("training.seed", "42").set("training.seq_len", "24").set("distrust.weighting", "monotone")
            .set("data.shuffle", "on");
    }
    m_small.folder.write("train.jsonl", SmallRun::corpus(23));
    EXPECT_NE(fingerprint(), first);
}

TEST_F(PreparationTest, TheAdditiveTermIsSaidToHaveNoGradient)
{
    m_small.set("distrust.weighting", "additive");
    const auto result = prepared();
    ASSERT_TRUE(result);
    EXPECT_TRUE(isNoted(*result, "no gradient"));
    EXPECT_EQ(result->facts.effectiveSampleShare, 1.0);
}

TEST_F(PreparationTest, FewDocumentsThatCarryTheGradientAreWarnedOf)
{
    std::string corpus = R"({"text":"one heavy document","auth_weight":0.0,"prov_entropy":40})" "\n";
    for (int i = 0; i < 20; ++i) {
        corpus += R"({"text":"a light document","auth_weight":0.9,"prov_entropy":1})" "\n";
    }
    m_small.folder.write("train.jsonl", corpus);
    const auto result = prepared();
    ASSERT_TRUE(result);
    EXPECT_TRUE(isNoted(*result, "effective sample size is only 5 %"));
}

TEST_F(PreparationTest, WeightsThatAreAllZeroBecomeOneAndThatIsSaid)
{
    m_small.set("distrust.weighting", "hinge").set("distrust.hinge_floor", "0");
    m_small.folder.write("train.jsonl",
        R"({"text":"a document","auth_weight":0.9,"prov_entropy":1})" "\n" R"({"text":"another","auth_weight":0.9,"prov_entropy":1})" "\n");
    const auto result = prepared();
    ASSERT_TRUE(result) << toText(result.error());
    EXPECT_TRUE(isNoted(*result, "all distrust weights are 0"));
    EXPECT_EQ(result->scale, (data::WeightScale { 0, 1 }));
}

TEST_F(PreparationTest, APromptIsNotTrainedOn)
{
    m_small.folder.write("train.jsonl", R"({"prompt":"The river went to","completion":" the sea","auth_weight":0.1,"prov_entropy":3})" "\n");
    const auto result = prepared();
    ASSERT_TRUE(result) << toText(result.error());
    const auto info = result->documents.info(0);
    EXPECT_GT(info.firstTarget, 1);
    EXPECT_GT(info.targets(), 0);
    EXPECT_LT(info.targets(), info.tokens - 1);
    EXPECT_TRUE(isNoted(*result, fmt::format("{} of {} tokens are trained on", info.targets(), info.tokens)));
}

TEST_F(PreparationTest, FromTheDocumentToTheBatchTheLabelsAreTheCompletionAndNothingElse)
{
    m_small.folder.write("train.jsonl",
        R"({"prompt":"The river went to","completion":" the sea.","auth_weight":0.1,"prov_entropy":3})" "\n"
        R"({"text":"A text has no prompt, and it is longer than the other.","auth_weight":0.1,"prov_entropy":3})" "\n");
    m_small.set("data.shuffle", "off");
    const auto result = prepared();
    ASSERT_TRUE(result) << toText(result.error());
    data::Batch batch;
    data::BatchSampler(result->documents, { .shuffle = config::Switch::Off }).cut({}, 2, batch);
    const auto tokenizer = tokenizer::Tokenizer::load(m_small.folder.path() / "small/tokenizer.json");
    ASSERT_TRUE(tokenizer);
    const auto labelsOf = [&](std::size_t row) {
        std::vector<std::int32_t> ids;
        const auto length = static_cast<std::size_t>(batch.length);
        for (std::size_t at = row * length; at < (row + 1) * length; ++at) {
            if (batch.targets[at] == 1) {
                ids.push_back(batch.ids[at]);
            }
        }
        return tokenizer->decode(ids, tokenizer::SpecialTokens::With);
    };
    EXPECT_EQ(labelsOf(0), " the sea.");
    const std::string text = "A text has no prompt, and it is longer than the other.";
    EXPECT_FALSE(labelsOf(1).empty());
    EXPECT_TRUE(text.ends_with(labelsOf(1))) << labelsOf(1);
    EXPECT_GT(labelsOf(1).size(), text.size() - 8) << "all but the first token";
}

TEST_F(PreparationTest, AMissingModelIsRefused)
{
    m_small.set("model.path", (m_small.folder.path() / "nowhere").string());
    const auto result = prepared();
    ASSERT_FALSE(result);
    EXPECT_NE(toText(result.error()).find("nowhere"), std::string::npos);
    EXPECT_TRUE(result.error().code == ErrorCode::Model || result.error().code == ErrorCode::NotFound);
}

TEST_F(PreparationTest, AMissingTokenizerIsRefused)
{
    std::filesystem::remove(m_small.folder.path() / "small/tokenizer.json");
    const auto result = prepared();
    ASSERT_FALSE(result);
    EXPECT_NE(toText(result.error()).find("tokenizer.json"), std::string::npos);
}

TEST_F(PreparationTest, AVocabularyThatDoesNotFitIsRefused)
{
    m_small.folder.write("small/config.json", SmallRun::modelConfig(2360, 64));
    expectRefused(ErrorCode::Model, "2,361 ids, but the model only 2,360");
}

TEST_F(PreparationTest, SequencesBeyondThePositionsAreRefused)
{
    m_small.set("training.seq_len", "65");
    expectRefused(ErrorCode::Model, "--seq-len 64");
}

TEST_F(PreparationTest, DamagedWeightsAreRefused)
{
    m_small.folder.write("small/model.safetensors", "not safetensors at all");
    expectRefused(ErrorCode::Model, "model.safetensors");
}

TEST_F(PreparationTest, AMissingCorpusIsRefused)
{
    m_small.set("data.path", (m_small.folder.path() / "nowhere.jsonl").string());
    const auto result = prepared();
    ASSERT_FALSE(result);
    EXPECT_NE(toText(result.error()).find("nowhere.jsonl"), std::string::npos);
}

TEST_F(PreparationTest, AnEmptyCorpusIsRefused)
{
    m_small.folder.write("train.jsonl", "");
    expectRefused(ErrorCode::Data, "train.jsonl");
}

TEST_F(PreparationTest, ACorpusOfNothingButBadLinesIsRefusedAndTheFirstIsNamed)
{
    m_small.folder.write("train.jsonl", "nonsense\n{\"text\":5}\n{}\n");
    expectRefused(ErrorCode::Data, "train.jsonl");
}

TEST_F(PreparationTest, LabelsThatAreNoNumbersAreRefusedByLineAndTheRestIsTaken)
{
    m_small.folder.write("train.jsonl", SmallRun::corpus(3)
            + R"({"text":"bad","auth_weight":NaN,"prov_entropy":1})" "\n"
            + R"({"text":"bad","auth_weight":1e999,"prov_entropy":1})" "\n"
            + R"({"text":"bad","auth_weight":0.5,"prov_entropy":-1})" "\n"
            + R"({"text":"bad","auth_weight":0.999,"prov_entropy":1})" "\n");
    const auto result = prepared();
    ASSERT_TRUE(result);
    EXPECT_EQ(result->documents.size(), 3);
    EXPECT_EQ(result->corpusReport.refused, 4);
    for (std::int64_t i = 0; i < 3; ++i) {
        EXPECT_TRUE(std::isfinite(result->documents.info(i).weight));
    }
}

TEST_F(PreparationTest, DocumentsWithNothingToTrainOnAreRefusedInWords)
{
    m_small.set("training.seq_len", "4");
    m_small.folder.write("train.jsonl",
        R"({"prompt":"a prompt that is longer than four tokens, by far","completion":"end","auth_weight":0.1,"prov_entropy":3})" "\n");
    expectRefused(ErrorCode::Data, "nothing to train on");
}

TEST_F(PreparationTest, AStopIsObeyed)
{
    m_stop.request_stop();
    expectRefused(ErrorCode::Refused, "stopped");
}

TEST_F(PreparationTest, WhatIsNotNamedIsWhatIsShipped)
{
    config::Config config;
    const auto inputs = inputsOf(config);
    ASSERT_TRUE(inputs) << toText(inputs.error());
    EXPECT_TRUE(std::filesystem::exists(inputs->model / "config.json"));
    EXPECT_TRUE(std::filesystem::exists(inputs->corpus));
    EXPECT_TRUE(std::filesystem::exists(inputs->validation));
    config.data.path = "mine.jsonl";
    EXPECT_TRUE(inputsOf(config)->validation.empty()) << "the sample's held-out documents belong to the sample";
}

TEST_F(PreparationTest, WhatIsNamedAndNotThereIsRefusedWithItsFlag)
{
    EXPECT_TRUE(requireThere(*inputsOf(m_small.config())));
    const auto refused = [](const RunInputs& inputs) {
        const auto there = requireThere(inputs);
        return there ? std::string() : toText(there.error());
    };
    const std::filesystem::path here = m_small.folder.path();
    const std::filesystem::path absent = here / "absent";
    EXPECT_NE(refused({ absent, here, here }).find("--model"), std::string::npos);
    EXPECT_NE(refused({ here, absent, here }).find("--data"), std::string::npos);
    EXPECT_NE(refused({ here, here, absent }).find("--validation"), std::string::npos);
    EXPECT_EQ(refused({ here, here, {} }), "") << "held-out documents need not be named";
}

} // namespace
} // namespace dubito::session
