// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/tokenizer/PairTable.h"

#include <gtest/gtest.h>

namespace dubito::tokenizer {
namespace {

TEST(PairTable, FindsEveryPairAndNoOther)
{
    constexpr std::int32_t kSide = 100;
    PairTable table(kSide * kSide);
    for (std::int32_t left = 0; left < kSide; ++left) {
        for (std::int32_t right = 0; right < kSide; ++right) {
            table.put(left, right, { static_cast<std::uint32_t>(left), right });
        }
    }
    for (std::int32_t left = 0; left < kSide; ++left) {
        for (std::int32_t right = 0; right < kSide; ++right) {
            const Merge* merge = table.find(left, right);
            ASSERT_NE(merge, nullptr);
            EXPECT_EQ(merge->id, right);
        }
        EXPECT_EQ(table.find(left, kSide), nullptr);
    }
}

TEST(PairTable, TheLastMergeOfAPairCounts)
{
    PairTable table(2);
    table.put(1, 2, { 5, 6 });
    table.put(1, 2, { 7, 8 });
    EXPECT_EQ(table.find(1, 2)->rank, 7U);
}

TEST(PairTable, AnEmptyTableFindsNothing) { EXPECT_EQ(PairTable().find(0, 0), nullptr); }

} // namespace
} // namespace dubito::tokenizer
