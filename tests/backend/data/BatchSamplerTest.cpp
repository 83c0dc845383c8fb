// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/data/BatchSampler.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

namespace dubito::data {
namespace {

/// Document i has 2 + i % 3 tokens, all i, and weight i.
DocumentStore storeOf(std::int32_t documents)
{
    auto store = DocumentStore::create({ .folder = testing::TempDir(), .maxTokens = 8 });
    for (std::int32_t i = 0; i < documents; ++i) {
        const std::vector<std::int32_t> ids(static_cast<std::size_t>(2 + i % 3), i);
        EXPECT_TRUE(store->add({ .ids = ids, .weight = static_cast<double>(i) }));
    }
    EXPECT_TRUE(store->seal());
    return std::move(*store);
}

std::vector<std::int64_t> documentsFrom(
    const BatchSampler& sampler, Cursor& cursor, std::int64_t rows, std::int64_t batches)
{
    std::vector<std::int64_t> documents;
    Batch batch;
    for (std::int64_t i = 0; i < batches; ++i) {
        sampler.cut(cursor, rows, batch);
        documents.insert(documents.end(), batch.documents.begin(), batch.documents.end());
        cursor = batch.next;
    }
    return documents;
}

std::vector<std::int64_t> wholeNumbers(std::size_t count)
{
    std::vector<std::int64_t> numbers(count);
    std::iota(numbers.begin(), numbers.end(), 0);
    return numbers;
}

TEST(Shuffle, IsAPermutationForEverySize)
{
    for (const std::int64_t size : { 1, 2, 3, 4, 5, 16, 17, 63, 64, 65, 1000, 4097 }) {
        const Shuffle shuffle(42, 3, size);
        std::vector<std::int64_t> order;
        for (std::int64_t i = 0; i < size; ++i) {
            order.push_back(shuffle[i]);
        }
        std::ranges::sort(order);
        EXPECT_EQ(order, wholeNumbers(static_cast<std::size_t>(size))) << size;
    }
}

TEST(Shuffle, PutsEveryDocumentAnywhereAboutAsOften)
{
    constexpr std::int64_t kSize = 10;
    constexpr int kEpochs = 20000;
    std::array<std::array<int, kSize>, kSize> counts {};
    for (int epoch = 0; epoch < kEpochs; ++epoch) {
        const Shuffle shuffle(7, epoch, kSize);
        for (std::int64_t i = 0; i < kSize; ++i) {
            ++counts[static_cast<std::size_t>(i)][static_cast<std::size_t>(shuffle[i])];
        }
    }
    for (const auto& row : counts) {
        for (const int count : row) {
            EXPECT_NEAR(count, kEpochs / kSize, 6 * std::sqrt(kEpochs / kSize));
        }
    }
}

TEST(BatchSampler, AnEpochUsesEveryDocumentOnce)
{
    const auto store = storeOf(103);
    const BatchSampler sampler(store, {});
    Cursor cursor;
    auto documents = documentsFrom(sampler, cursor, 1, 103);
    EXPECT_FALSE(std::ranges::is_sorted(documents));
    std::ranges::sort(documents);
    EXPECT_EQ(documents, wholeNumbers(103));
}

TEST(BatchSampler, TheOrderDependsOnSeedAndEpochAlone)
{
    const auto store = storeOf(50);
    const BatchSampler sampler(store, { .seed = 1 });
    Cursor byFour;
    Cursor byTen;
    EXPECT_EQ(documentsFrom(sampler, byFour, 4, 25), documentsFrom(sampler, byTen, 10, 10));
    Cursor first;
    Cursor second { 1, 0 };
    EXPECT_NE(documentsFrom(sampler, first, 50, 1), documentsFrom(sampler, second, 50, 1));
    const BatchSampler other(store, { .seed = 2 });
    first = {};
    Cursor again;
    EXPECT_NE(documentsFrom(sampler, first, 50, 1), documentsFrom(other, again, 50, 1));
}

TEST(BatchSampler, ACursorFromTheMiddleOfAnEpochGoesOnExactlyThere)
{
    const auto store = storeOf(50);
    Cursor cursor;
    const auto whole = documentsFrom(BatchSampler(store, {}), cursor, 4, 40);

    cursor = {};
    auto pieces = documentsFrom(BatchSampler(store, {}), cursor, 4, 9);
    EXPECT_EQ(cursor, (Cursor { 0, 36 }));
    const Cursor restored { cursor.epoch, cursor.position };
    Cursor ahead = restored;
    documentsFrom(BatchSampler(store, {}), ahead, 4, 3); // cut ahead of time, never used
    cursor = restored;
    const auto rest = documentsFrom(BatchSampler(store, {}), cursor, 4, 31);
    pieces.insert(pieces.end(), rest.begin(), rest.end());
    EXPECT_EQ(pieces, whole);
}

TEST(BatchSampler, TheLastBatchOfAnEpochGoesOnIntoTheNext)
{
    const auto store = storeOf(5);
    const BatchSampler sampler(store, { .shuffle = config::Switch::Off });
    Batch batch;
    sampler.cut({ 0, 4 }, 3, batch);
    EXPECT_EQ(batch.documents, (std::vector<std::int64_t> { 4, 0, 1 }));
    EXPECT_EQ(batch.next, (Cursor { 1, 2 }));
    sampler.cut({}, 12, batch); // more rows than documents
    EXPECT_EQ(batch.documents.size(), 12U);
    EXPECT_EQ(batch.next, (Cursor { 2, 2 }));
}

TEST(BatchSampler, WithoutShuffleTheOrderIsThatOfTheCorpus)
{
    const auto store = storeOf(6);
    const BatchSampler sampler(store, { .shuffle = config::Switch::Off });
    Cursor cursor;
    EXPECT_EQ(documentsFrom(sampler, cursor, 3, 2), wholeNumbers(6));
}

TEST(BatchSampler, PadsOnTheRightAndMasksWhatIsNoTarget)
{
    auto made = DocumentStore::create({ .folder = testing::TempDir(), .maxTokens = 8 });
    ASSERT_TRUE(made);
    ASSERT_TRUE(made->add({ .ids = std::vector<std::int32_t> { 0, 7, 0 } }));
    ASSERT_TRUE(made->add({ .ids = std::vector<std::int32_t> { 1, 2, 3, 4, 5 }, .lossStart = 3 }));
    ASSERT_TRUE(made->seal());
    const BatchSampler sampler(*made, { .shuffle = config::Switch::Off, .padId = 0 });
    Batch batch;
    sampler.cut({}, 2, batch);
    EXPECT_EQ(batch.length, 5);
    EXPECT_EQ(batch.lengths, (std::vector<std::int32_t> { 3, 5 }));
    EXPECT_EQ(batch.ids, (std::vector<std::int32_t> { 0, 7, 0, 0, 0, 1, 2, 3, 4, 5 }));
    EXPECT_EQ(batch.targets, (std::vector<std::uint8_t> { 0, 1, 1, 0, 0, 0, 0, 0, 1, 1 })); // an id 0 can be a target
    EXPECT_EQ(batch.targetCount, 4);
}

TEST(BatchSampler, WeightsAreScaled)
{
    const auto store = storeOf(4);
    const BatchSampler sampler(store, { .shuffle = config::Switch::Off, .scale = { .factor = 0.5, .offset = 1 } });
    Batch batch;
    sampler.cut({}, 3, batch);
    EXPECT_EQ(batch.weights, (std::vector<double> { 1.0, 1.5, 2.0 }));
}

TEST(BatchSampler, ABatchKeepsItsMemory)
{
    const auto store = storeOf(30);
    const BatchSampler sampler(store, {});
    Batch batch;
    sampler.cut({}, 30, batch);
    const auto* ids = batch.ids.data();
    const auto* weights = batch.weights.data();
    sampler.cut(batch.next, 4, batch);
    EXPECT_EQ(batch.ids.data(), ids);
    EXPECT_EQ(batch.weights.data(), weights);
}

} // namespace
} // namespace dubito::data
