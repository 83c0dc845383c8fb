// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/memory/SiteTable.h"

#include <gtest/gtest.h>

namespace dubito::memory {
namespace {

TEST(SiteTable, OneLineIsOneRowHoweverOftenItAllocates)
{
    SiteTable table;
    const std::source_location here = std::source_location::current();
    const std::uint16_t row = table.add(here, Category::Data, 10);
    EXPECT_EQ(table.add(here, Category::Data, 30), row);
    EXPECT_EQ(table.at(row).liveBytes, 40);
    table.remove(row, 10);
    EXPECT_EQ(table.at(row).liveBytes, 30);
    EXPECT_EQ(table.at(row).liveCount, 1);
    EXPECT_EQ(table.at(row).toText().substr(0, 38), "tests/backend/memory/SiteTableTest.cpp");
}

TEST(SiteTable, TwoCategoriesOfOneLineAreToldApart)
{
    SiteTable table;
    const std::source_location here = std::source_location::current();
    EXPECT_NE(table.add(here, Category::Data, 10), table.add(here, Category::Weights, 10));
}

TEST(SiteTable, WhatShrankOrStayedIsNotRanked)
{
    SiteTable table;
    const std::uint16_t shrinking = table.add(std::source_location::current(), Category::Data, 10);
    table.add(std::source_location::current(), Category::Data, 10);
    const auto before = table.snapshot();
    table.remove(shrinking, 10);
    EXPECT_TRUE(rankGrowth(before, table.snapshot(), 5, 10).empty());
}

TEST(SiteTable, ASiteThatAppearsBetweenTwoSnapshotsCountsWhole)
{
    SiteTable table;
    const auto before = table.snapshot();
    for (int i = 0; i < 20; ++i) {
        table.add(std::source_location::current(), Category::History, 7);
    }
    const auto grown = rankGrowth(before, table.snapshot(), 10, 10);
    ASSERT_EQ(grown.size(), 1U);
    EXPECT_EQ(grown[0].bytes, 140);
    EXPECT_DOUBLE_EQ(grown[0].countPerStep, 2.0);
}

} // namespace
} // namespace dubito::memory
