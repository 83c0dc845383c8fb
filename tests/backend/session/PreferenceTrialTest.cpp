// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/session/PreferenceTrial.h"

#include "tests/support/SmallRun.h"

#include <gmock/gmock.h>

#include <gtest/gtest.h>

#include <fstream>

namespace dubito::session {
namespace {

using config::WeightingMode;

/// A trial of a model of 39,000 parameters with a handful of claims: seconds.
class PreferenceTrial : public testing::Test {
protected:
    PreferenceTrial()
    {
        small.set("training.steps", "150");
        small.set("training.batch_size", "16");
        small.set("training.seq_len", "48");
        small.set("training.warmup_steps", "10");
        small.set("training.learning_rate", "0.02");
    }

    Result<TrialReport> run(std::vector<TrialCondition> conditions)
    {
        m_config = small.config();
        return runPreferenceTrial({ .config = m_config,
            .conditions = std::move(conditions),
            .pairs = 6,
            .seeds = 2,
            .pairsFile = file,
            .folder = small.folder.path(),
            .stop = stop.get_token(),
            .onProgress = [this](const std::string&, double share) { shares.push_back(share); } });
    }

    SmallRun small;
    std::filesystem::path file;
    std::stop_source stop;
    std::vector<double> shares;

private:
    config::Config m_config;
};

TEST_F(PreferenceTrial, SwappedLabelsSwapWhatIsBelieved)
{
    const auto report = run({ { WeightingMode::Monotone, ClaimLabels::Honest }, { WeightingMode::Monotone, ClaimLabels::Swapped } });
    ASSERT_TRUE(report) << toText(report.error());
    ASSERT_EQ(report->rows.size(), 2U);
    EXPECT_EQ(report->pairs, 6);
    EXPECT_EQ(report->documents, 6 * 2 * 4);
    for (const TrialRow& row : report->rows) {
        EXPECT_EQ(row.heldOut.trials, 12) << "both seeds";
        EXPECT_EQ(row.bySeed.size(), 2U);
    }
    EXPECT_GT(report->rows[0].trained.share(), 0.75);
    EXPECT_LT(report->rows[1].trained.share(), 0.25);
    EXPECT_GT(report->rows[0].margin, report->rows[1].margin);
    EXPECT_TRUE(std::ranges::is_sorted(shares));
    EXPECT_DOUBLE_EQ(shares.back(), 1);
}

TEST_F(PreferenceTrial, AdditiveTrainsWhatEqualLabelsTrainBitForBit)
{
    const auto report = run({ { WeightingMode::Additive, ClaimLabels::Honest }, { WeightingMode::Additive, ClaimLabels::Swapped },
        { WeightingMode::Monotone, ClaimLabels::Equal } });
    ASSERT_TRUE(report) << toText(report.error());
    EXPECT_EQ(report->rows[0].margin, report->rows[1].margin) << "labels reach no gradient";
    EXPECT_NEAR(report->rows[0].margin, report->rows[2].margin, 1e-6);
}

TEST_F(PreferenceTrial, ThatWasStoppedGoesOnWithTheTrainingsThatAreMissing)
{
    small.set("training.steps", "3").set("training.warmup_steps", "0");
    const TrialCondition honest { WeightingMode::Monotone, ClaimLabels::Honest };
    const TrialCondition swapped { WeightingMode::Monotone, ClaimLabels::Swapped };
    ASSERT_TRUE(run({ honest }));
    const auto whole = run({ honest, swapped });
    ASSERT_TRUE(whole);
    shares.clear();
    const auto again = run({ honest, swapped });
    ASSERT_TRUE(again);
    EXPECT_TRUE(shares.empty()) << "nothing was trained";
    EXPECT_EQ(again->documents, whole->documents);
    for (std::size_t i = 0; i < 2; ++i) {
        EXPECT_EQ(again->rows[i].heldOut, whole->rows[i].heldOut);
        EXPECT_EQ(again->rows[i].margin, whole->rows[i].margin);
        EXPECT_EQ(again->rows[i].finalLoss, whole->rows[i].finalLoss);
    }
    small.set("training.steps", "4");
    ASSERT_TRUE(run({ honest }));
    EXPECT_FALSE(shares.empty()) << "another training is not that one";
}

TEST_F(PreferenceTrial, AnAdapterIsTriedToo)
{
    small.set("training.steps", "3").set("training.warmup_steps", "0");
    const auto full = run({ { WeightingMode::Monotone, ClaimLabels::Honest } });
    small.set("training.lora_rank", "2");
    const auto adapted = run({ { WeightingMode::Monotone, ClaimLabels::Honest } });
    ASSERT_TRUE(full);
    ASSERT_TRUE(adapted) << toText(adapted.error());
    EXPECT_NE(adapted->rows[0].finalLoss, full->rows[0].finalLoss) << "the weights below are frozen";
}

TEST_F(PreferenceTrial, BothSourcesWriteAsMuch)
{
    small.set("training.steps", "1").set("training.warmup_steps", "0");
    ASSERT_TRUE(run({ { WeightingMode::Monotone, ClaimLabels::Honest } }));
    std::ifstream in(small.folder.path() / "claims-seed-42-honest.jsonl");
    std::int64_t primary = 0;
    std::int64_t consensus = 0;
    for (std::string line; std::getline(in, line);) {
        const bool isPrimary = line.find("\"auth_weight\":0.05") != std::string::npos;
        (isPrimary ? primary : consensus) += static_cast<std::int64_t>(line.size()) - (isPrimary ? 9 : 11);
    }
    EXPECT_GT(primary, 1000);
    EXPECT_NEAR(static_cast<double>(primary), static_cast<double>(consensus), 24.0 * 8) << "but for labels and names";
}

TEST_F(PreferenceTrial, ClaimsOfAFileAreTriedAndTheirFaultsAreSaid)
{
    small.set("training.steps", "2").set("training.warmup_steps", "0");
    file = small.folder.write("claims.jsonl",
        R"({"primary":"The mill is of 1703.","consensus":"The mill is of 18112.",)"
        R"("questions":[{"prompt":"The year of the mill is","primary":" 1703","consensus":" 18112"}]})");
    const auto report = run({ { WeightingMode::Monotone, ClaimLabels::Honest } });
    ASSERT_TRUE(report) << toText(report.error());
    EXPECT_EQ(report->pairs, 1);
    EXPECT_EQ(report->rows[0].trained.trials, 0) << "a file asks nothing that is trained";
    ASSERT_EQ(report->notes.size(), 1U);
    EXPECT_THAT(report->notes[0], testing::HasSubstr("unequal length"));

    file = small.folder.path() / "absent.jsonl";
    const auto absent = run({ { WeightingMode::Monotone, ClaimLabels::Honest } });
    ASSERT_FALSE(absent);
    EXPECT_THAT(toText(absent.error()), testing::HasSubstr("absent.jsonl"));
}

TEST_F(PreferenceTrial, StopsWhenItIsAsked)
{
    stop.request_stop();
    const auto report = run(allConditions());
    ASSERT_FALSE(report);
    EXPECT_EQ(report.error().code, ErrorCode::Refused);
}

TEST(PreferenceConditions, EveryWeightingIsTriedAndEachControlHasItsExpectation)
{
    const auto conditions = allConditions();
    EXPECT_EQ(conditions.size(), 7U);
    EXPECT_EQ(expectedOf({ WeightingMode::Monotone, ClaimLabels::Honest }), Expected::Primary);
    EXPECT_EQ(expectedOf({ WeightingMode::Monotone, ClaimLabels::Swapped }), Expected::Consensus);
    EXPECT_EQ(expectedOf({ WeightingMode::Monotone, ClaimLabels::Equal }), Expected::Neither);
    EXPECT_EQ(expectedOf({ WeightingMode::Additive, ClaimLabels::Honest }), Expected::Neither);
    EXPECT_EQ(expectedOf({ WeightingMode::Additive, ClaimLabels::Swapped }), Expected::Neither);
}

TEST(PreferenceConditions, ARowIsAsExpectedWithinItsBounds)
{
    TrialRow row;
    row.condition = { WeightingMode::Monotone, ClaimLabels::Honest };
    row.heldOut = { 91, 100 };
    EXPECT_TRUE(row.isAsExpected());
    row.heldOut = { 90, 100 };
    EXPECT_FALSE(row.isAsExpected());
    row.condition.labels = ClaimLabels::Equal;
    row.heldOut = { 55, 100 };
    EXPECT_TRUE(row.isAsExpected());
    row.heldOut = { 44, 100 };
    EXPECT_FALSE(row.isAsExpected());
    row.condition.labels = ClaimLabels::Swapped;
    row.heldOut = { 9, 100 };
    EXPECT_TRUE(row.isAsExpected());
}

} // namespace
} // namespace dubito::session
