// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/session/DocumentOrder.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>

namespace dubito::session {
namespace {

std::vector<std::int64_t> page(const std::vector<SortKey>& keys, std::size_t first, std::size_t count, Direction direction = Direction::Ascending)
{
    SortedPage sorted(direction, first, count);
    for (const SortKey& key : keys) {
        sorted.add(key);
    }
    return sorted.takePlaces();
}

TEST(DocumentOrder, EveryPageOfASortedListIsThatOfSortingItWhole)
{
    std::mt19937 random(7);
    std::vector<SortKey> keys;
    for (std::int64_t place = 0; place < 500; ++place) {
        keys.push_back(numberKey(static_cast<double>(random() % 40), place));
    }
    for (const Direction direction : { Direction::Ascending, Direction::Descending }) {
        auto whole = keys;
        std::ranges::sort(whole, [&](const SortKey& one, const SortKey& other) { return comesBefore(one, other, direction); });
        for (const std::size_t first : { 0U, 64U, 448U }) {
            const auto places = page(keys, first, 64, direction);
            ASSERT_EQ(places.size(), std::min<std::size_t>(64, 500 - first));
            for (std::size_t i = 0; i < places.size(); ++i) {
                EXPECT_EQ(places[i], whole[first + i].place) << "page from " << first << ", row " << i;
            }
        }
    }
    EXPECT_TRUE(page(keys, 640, 64).empty()) << "behind the end";
}

TEST(DocumentOrder, WhatIsNotKnownComesLastInBothDirections)
{
    const std::vector<SortKey> keys { yearKey("", 0), yearKey("2001", 1), yearKey("1839-05-02", 2), yearKey("undated", 3) };
    EXPECT_EQ(page(keys, 0, 4), (std::vector<std::int64_t> { 2, 1, 0, 3 }));
    EXPECT_EQ(page(keys, 0, 4, Direction::Descending), (std::vector<std::int64_t> { 1, 2, 0, 3 }));
    EXPECT_FALSE(numberKey(std::nan(""), 0).isKnown);
}

TEST(DocumentOrder, TextsAreComparedWhateverTheirCaseAndEqualOnesStayInTheOrderOfTheCorpus)
{
    const std::vector<SortKey> keys { textKey("beta", 0), textKey("Alpha", 1), textKey("ALPHA", 2), textKey("", 3) };
    EXPECT_EQ(page(keys, 0, 4), (std::vector<std::int64_t> { 1, 2, 0, 3 }));
    EXPECT_EQ(page(keys, 0, 4, Direction::Descending), (std::vector<std::int64_t> { 0, 1, 2, 3 }));
    EXPECT_EQ(textKey(std::string(10'000, 'x'), 0).text.size(), SortKey::kLongestText) << "a key is bounded, whatever a title is";
}

} // namespace
} // namespace dubito::session
