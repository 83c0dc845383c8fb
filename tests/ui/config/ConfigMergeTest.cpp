// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/config/ConfigMerge.h"

#include <gtest/gtest.h>

namespace dubito::ui {
namespace {

struct ConfigMergeTest : testing::Test {
    ConfigMergeTest()
    {
        mine.training.seed = 7; // here alone
        theirs.training.steps = 900; // there alone
        mine.training.batchSize = 8; // on both sides
        theirs.training.batchSize = 16;
        rows = mergeRows(inForce, mine, theirs);
    }

    MergeRow& row(std::string_view key)
    {
        return *std::ranges::find_if(rows, [&](const MergeRow& each) { return each.field->key == key; });
    }

    config::Config inForce;
    config::Config mine;
    config::Config theirs;
    std::vector<MergeRow> rows;
};

TEST_F(ConfigMergeTest, WhoAloneChangedAKeyIsChosenAndOnlyDisagreementIsAConflict)
{
    ASSERT_EQ(rows.size(), 3U);
    EXPECT_EQ(row("training.seed").side, Side::Mine);
    EXPECT_EQ(row("training.steps").side, Side::Theirs);
    EXPECT_TRUE(row("training.batch_size").isConflict());
    EXPECT_FALSE(row("training.seed").isConflict());
    EXPECT_FALSE(row("training.steps").isConflict());
}

TEST_F(ConfigMergeTest, WhatIsChosenOfTheirsActsAndEditsStayEdits)
{
    const auto merged = withTheirs(inForce, rows);
    EXPECT_EQ(merged.training.steps, 900);
    EXPECT_EQ(merged.training.seed, inForce.training.seed);
    EXPECT_EQ(merged.training.batchSize, inForce.training.batchSize);
    EXPECT_TRUE(givenUp(rows).empty());
}

TEST_F(ConfigMergeTest, AConflictGivenToThemTakesTheEditBack)
{
    row("training.batch_size").side = Side::Theirs;
    EXPECT_EQ(withTheirs(inForce, rows).training.batchSize, 16);
    const auto edits = givenUp(rows);
    ASSERT_EQ(edits.size(), 1U);
    EXPECT_EQ(edits.front(), (std::pair<std::string, std::string> { "training.batch_size", "16" }));
}

TEST_F(ConfigMergeTest, ThatBothWantTheSameIsNoConflict)
{
    theirs.training.batchSize = 8;
    rows = mergeRows(inForce, mine, theirs);
    EXPECT_FALSE(row("training.batch_size").isConflict());
}

} // namespace
} // namespace dubito::ui
