// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/data/DocumentStore.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

namespace dubito::data {
namespace {

std::vector<std::int32_t> idsOf(std::int32_t first, std::size_t count)
{
    std::vector<std::int32_t> ids(count);
    std::iota(ids.begin(), ids.end(), first);
    return ids;
}

DocumentStore emptyStore(std::int64_t maxTokens, Tally* tally = nullptr)
{
    auto store = DocumentStore::create({ .folder = testing::TempDir(), .maxTokens = maxTokens, .tally = tally });
    EXPECT_TRUE(store);
    return std::move(*store);
}

TEST(DocumentStore, GivesBackWhatWasStored)
{
    auto store = emptyStore(128);
    const auto first = idsOf(10, 5);
    const auto second = idsOf(100, 7);
    ASSERT_TRUE(
        store.add({ .ids = first, .id = "a", .sourceClass = "wiki", .weight = 0.6, .authority = 0.9, .entropy = 1 }));
    ASSERT_TRUE(store.add({ .ids = second,
        .lossStart = 4,
        .id = "b",
        .sourceClass = "patent",
        .weight = 18,
        .labels = LabelSource::Scored }));
    ASSERT_TRUE(store.seal());
    ASSERT_EQ(store.size(), 2);
    EXPECT_TRUE(std::ranges::equal(store.ids(0), first));
    EXPECT_TRUE(std::ranges::equal(store.ids(1), second));
    const DocumentInfo info = store.info(1);
    EXPECT_EQ(info.id, "b");
    EXPECT_EQ(info.weight, 18);
    EXPECT_EQ(info.labels, LabelSource::Scored);
    EXPECT_EQ(info.tokens, 7);
    EXPECT_EQ(info.firstTarget, 4);
    EXPECT_EQ(info.targets(), 3);
    EXPECT_EQ(store.info(0).authority, 0.9);
    EXPECT_EQ(store.info(0).firstTarget, 1); // the first token is predicted from nothing
    EXPECT_EQ(store.sourceClasses(), (std::vector<std::string> { "wiki", "patent" }));
    EXPECT_EQ(store.report().targets, 4 + 3);
    EXPECT_EQ(store.report().given, 1);
    EXPECT_EQ(store.report().scored, 1);
}

TEST(DocumentStore, CutsAtTheLimitAndCountsWhatItThrewAway)
{
    auto store = emptyStore(4);
    ASSERT_TRUE(store.add({ .ids = idsOf(0, 10) }));
    ASSERT_TRUE(store.add({ .ids = idsOf(0, 4) }));
    ASSERT_TRUE(store.seal());
    EXPECT_EQ(store.ids(0).size(), 4U);
    EXPECT_EQ(store.report().cutDocuments, 1);
    EXPECT_EQ(store.report().cutTokens, 6);
    EXPECT_EQ(store.report().tokens, 8);
}

TEST(DocumentStore, ADocumentWithoutATargetIsCountedNotStored)
{
    auto store = emptyStore(4);
    ASSERT_TRUE(store.add({ .ids = {} }));
    ASSERT_TRUE(store.add({ .ids = idsOf(0, 1) }));
    ASSERT_TRUE(store.add({ .ids = idsOf(0, 9), .lossStart = 4 })); // the prompt fills what is kept
    ASSERT_TRUE(store.seal());
    EXPECT_EQ(store.size(), 0);
    EXPECT_EQ(store.report().withoutTarget, 3);
    EXPECT_EQ(store.report().cutDocuments, 0);
}

TEST(DocumentStore, RefusesAWeightThatIsNone)
{
    auto store = emptyStore(4);
    for (const double bad : { std::nan(""), HUGE_VAL, -1.0 }) {
        const auto added = store.add({ .ids = idsOf(0, 4), .id = "doc 7", .weight = bad });
        ASSERT_FALSE(added);
        EXPECT_EQ(added.error().where, "doc 7");
    }
}

TEST(DocumentStore, TellsABoundedNumberOfSourceClassesApart)
{
    auto store = emptyStore(4);
    for (int i = 0; i < 1000; ++i) {
        const std::string name = "class " + std::to_string(i);
        ASSERT_TRUE(store.add({ .ids = idsOf(i, 4), .sourceClass = name }));
    }
    ASSERT_TRUE(store.seal());
    EXPECT_EQ(store.sourceClasses().size(), DocumentStore::kSourceClasses);
    EXPECT_EQ(store.sourceClasses().back(), "other");
    EXPECT_EQ(store.info(3).sourceClass, 3);
    EXPECT_EQ(store.info(254).sourceClass, 254);
    EXPECT_EQ(store.info(255).sourceClass, 255);
    EXPECT_EQ(store.info(999).sourceClass, 255);
}

TEST(DocumentStore, HoldsTheSameWhetherItStoresLittleOrMuch)
{
    Tally tally;
    {
        auto store = emptyStore(128, &tally);
        const auto ids = idsOf(0, 128);
        const std::int64_t before = tally.bytes(Category::Data);
        EXPECT_GT(before, 0);
        for (int i = 0; i < 20000; ++i) {
            ASSERT_TRUE(store.add({ .ids = ids, .id = "document" }));
        }
        EXPECT_EQ(store.heldBytes(), before);
        ASSERT_TRUE(store.seal());
        EXPECT_EQ(tally.bytes(Category::Data), 0); // what is left is pages of a file
        EXPECT_EQ(store.ids(19999)[127], 127);
    }
    EXPECT_EQ(tally.bytes(Category::Data), 0);
}

TEST(DocumentStore, ALongNameIsShortenedBetweenCharacters)
{
    auto store = emptyStore(4);
    std::string name = "x";
    for (int i = 0; i < 1000; ++i) {
        name += "é";
    }
    ASSERT_TRUE(store.add({ .ids = idsOf(0, 4), .id = name }));
    ASSERT_TRUE(store.seal());
    EXPECT_EQ(store.info(0).id.size(), 511U);
}

} // namespace
} // namespace dubito::data
