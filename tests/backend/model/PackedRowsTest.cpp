// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/model/PackedRows.h"

#include <gtest/gtest.h>

namespace dubito::model {
namespace {

const std::vector<std::int32_t> kIds { 1, 2, 3, 4, 5, 6, 0, 0 };
const std::vector<std::int64_t> kLengths { 4, 2 };

TEST(PackedRows, PaddingAndTheLastPositionBecomeNoRows)
{
    PackedRows rows;
    ASSERT_TRUE(rows.pack({ 2, 4, kIds, kLengths, {} }, 10, RowsOf::Targets));
    EXPECT_EQ(rows.ids, (std::vector<std::int32_t> { 1, 2, 3, 5 }));
    EXPECT_EQ(rows.positions, (std::vector<std::int32_t> { 0, 1, 2, 0 }));
    EXPECT_EQ(rows.targetIds, (std::vector<std::int32_t> { 2, 3, 4, 6 }));
    EXPECT_EQ(rows.targetSequences, (std::vector<std::int32_t> { 0, 0, 0, 1 }));
}

TEST(PackedRows, EveryRealPositionIsARowWhenAllAreAskedFor)
{
    PackedRows rows;
    ASSERT_TRUE(rows.pack({ 2, 4, kIds, kLengths, {} }, 10, RowsOf::Everything));
    EXPECT_EQ(rows.ids, (std::vector<std::int32_t> { 1, 2, 3, 4, 5, 6 }));
    EXPECT_EQ(rows.sequences[1].begin, 4);
    EXPECT_EQ(rows.targetOfRow, (std::vector<std::int64_t> { 0, 1, 2, -1, 3, -1 }));
}

TEST(PackedRows, AMaskLeavesRowsThatPredictNothingAndCutsBehindTheLastTarget)
{
    const std::vector<std::uint8_t> targets { 0, 0, 1, 0, 1, 0, 1, 1 };
    PackedRows rows;
    ASSERT_TRUE(rows.pack({ 2, 4, kIds, kLengths, targets }, 10, RowsOf::Targets));
    EXPECT_EQ(rows.ids, (std::vector<std::int32_t> { 1, 2 }));
    EXPECT_EQ(rows.targetRows, (std::vector<std::int64_t> { 1 }));
    EXPECT_EQ(rows.sequences[1].count, 0);
}

TEST(PackedRows, PackingAgainTakesNoNewRoom)
{
    PackedRows rows;
    rows.reserve(2, 4);
    const auto* before = rows.ids.data();
    ASSERT_TRUE(rows.pack({ 2, 4, kIds, kLengths, {} }, 10, RowsOf::Everything));
    EXPECT_EQ(rows.ids.data(), before);
}

} // namespace
} // namespace dubito::model
