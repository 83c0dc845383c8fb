// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/tokenizer/Vocabulary.h"

#include <gtest/gtest.h>

#include <utility>

namespace dubito::tokenizer {
namespace {

TEST(Vocabulary, FindsTokensByTextAndById)
{
    Vocabulary vocabulary;
    EXPECT_TRUE(vocabulary.add("a", 0));
    EXPECT_TRUE(vocabulary.add("a token longer than any short string", 7));
    EXPECT_EQ(vocabulary.idOf("a token longer than any short string"), 7);
    EXPECT_EQ(*vocabulary.tokenOf(0), "a");
    EXPECT_EQ(vocabulary.idLimit(), 8);
    EXPECT_EQ(vocabulary.size(), 2U);
}

TEST(Vocabulary, GapsHaveNoToken)
{
    Vocabulary vocabulary;
    vocabulary.add("a", 3);
    for (const int id : { -1, 0, 2, 4, 1 << 30 }) {
        EXPECT_EQ(vocabulary.tokenOf(id), nullptr);
    }
    EXPECT_FALSE(vocabulary.idOf("b"));
}

TEST(Vocabulary, ATakenTextOrIdChangesNothing)
{
    Vocabulary vocabulary;
    vocabulary.add("a", 0);
    EXPECT_FALSE(vocabulary.add("a", 1));
    EXPECT_FALSE(vocabulary.add("b", 0));
    EXPECT_EQ(*vocabulary.tokenOf(0), "a");
    EXPECT_EQ(vocabulary.size(), 1U);
}

TEST(Vocabulary, SurvivesBeingMoved)
{
    Vocabulary vocabulary;
    vocabulary.add("a", 0);
    const Vocabulary moved = std::move(vocabulary);
    EXPECT_EQ(*moved.tokenOf(0), "a");
}

} // namespace
} // namespace dubito::tokenizer
