// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/session/TrialRecord.h"

#include "tests/support/TemporaryFolder.h"

#include <gtest/gtest.h>

namespace dubito::session {
namespace {

class TrialRecordTest : public testing::Test {
protected:
    TrialRecord record(const std::string& identity) const { return { folder.path() / "outcome.json", identity }; }

    TemporaryFolder folder;
    const TrialOutcome outcome { .heldOut = { .primary = { 91, 100 }, .margin = 1.0 / 3 },
        .trained = { .primary = { 100, 100 }, .margin = 2.5 }, .finalLoss = 0.1, .documents = 800 };
};

TEST_F(TrialRecordTest, ComesBackAsItWasWritten)
{
    EXPECT_FALSE(record("a").read());
    ASSERT_TRUE(record("a").write(outcome));
    const auto read = record("a").read();
    ASSERT_TRUE(read);
    EXPECT_EQ(read->heldOut.primary, outcome.heldOut.primary);
    EXPECT_EQ(read->heldOut.margin, outcome.heldOut.margin) << "bit for bit";
    EXPECT_EQ(read->trained.primary, outcome.trained.primary);
    EXPECT_EQ(read->finalLoss, outcome.finalLoss);
    EXPECT_EQ(read->documents, 800);
}

TEST_F(TrialRecordTest, OfAnotherTrainingIsAsGoodAsNone)
{
    ASSERT_TRUE(record("a").write(outcome));
    EXPECT_FALSE(record("b").read());
}

TEST_F(TrialRecordTest, ThatIsDamagedIsAsGoodAsNone)
{
    for (const char* text : { "", "{", "[]", "{\"identity\":\"a\"}", "{\"identity\":\"a\",\"held_out\":5}", "null" }) {
        folder.write("outcome.json", text);
        EXPECT_FALSE(record("a").read()) << text;
    }
}

TEST_F(TrialRecordTest, TheIdentityKnowsWhatDecidesAndNotWhereItIsWritten)
{
    const config::Config config;
    std::vector<ClaimPair> pairs(1);
    pairs[0].heldOut = { { "The mill is of", " 1703", " 1811" } };
    const auto first = identityOf(config, "corpus", pairs);

    config::Config other = config;
    other.training.output = "elsewhere";
    EXPECT_EQ(identityOf(other, "corpus", pairs), first);
    other.training.steps += 1;
    EXPECT_NE(identityOf(other, "corpus", pairs), first);
    EXPECT_NE(identityOf(config, "another", pairs), first);
    auto asked = pairs;
    asked[0].heldOut[0].prompt += "?";
    EXPECT_NE(identityOf(config, "corpus", asked), first);
}

} // namespace
} // namespace dubito::session
