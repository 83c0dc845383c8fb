// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/tokenizer/TextTrie.h"

#include <gtest/gtest.h>

namespace dubito::tokenizer {
namespace {

TEST(TextTrie, FindsTheLeftmostAndOfThoseTheLongest)
{
    TextTrie trie;
    trie.add("<s>", 0);
    trie.add("<s><pad>", 1);
    trie.add("pad", 2);
    const auto match = trie.find("x<s><pad>", 0);
    ASSERT_TRUE(match);
    EXPECT_EQ(match->value, 1U);
    EXPECT_EQ(match->range, (TextRange { 1, 9 }));
    EXPECT_EQ(trie.find("<s><pa", 0)->value, 0U);
    EXPECT_EQ(trie.find("<s><pad>", 1)->value, 2U);
}

TEST(TextTrie, OfTwoEqualTextsTheFirstCounts)
{
    TextTrie trie;
    trie.add("a", 4);
    trie.add("a", 5);
    EXPECT_EQ(trie.find("a", 0)->value, 4U);
}

TEST(TextTrie, AnEmptyTextIsNeverFound)
{
    TextTrie trie;
    trie.add("", 0);
    EXPECT_FALSE(trie.find("abc", 0));
    EXPECT_FALSE(trie.find("", 0));
}

} // namespace
} // namespace dubito::tokenizer
