// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/model/KeyValueCache.h"

#include "tests/support/FakeTensorMemory.h"

#include <gtest/gtest.h>

namespace dubito::model {
namespace {

ModelConfig twoLayers()
{
    ModelConfig config;
    config.layers = 2;
    config.kvHeads = 3;
    config.headDim = 4;
    return config;
}

TEST(KeyValueCache, TakesWhatItSaysAndNotMore)
{
    FakeTensorMemory memory;
    const auto cache = KeyValueCache::create(twoLayers(), 10, memory);
    ASSERT_TRUE(cache);
    EXPECT_EQ(KeyValueCache::bytesFor(twoLayers(), 10), 2 * 2 * 10 * 12 * 4);
    EXPECT_EQ(memory.active(), KeyValueCache::bytesFor(twoLayers(), 10));
}

TEST(KeyValueCache, EveryLayerHasItsOwnKeysAndValues)
{
    FakeTensorMemory memory;
    const auto cache = KeyValueCache::create(twoLayers(), 10, memory);
    ASSERT_TRUE(cache);
    float number = 0;
    for (const auto& part : { cache->keys(0), cache->values(0), cache->keys(1), cache->values(1) }) {
        ASSERT_EQ(part.rows, 10);
        ASSERT_EQ(part.columns, 12);
        std::fill_n(part.data, 120, ++number);
    }
    EXPECT_EQ(cache->keys(0).row(9)[11], 1);
    EXPECT_EQ(cache->values(0).row(0)[0], 2);
    EXPECT_EQ(cache->keys(1).row(9)[11], 3);
    EXPECT_EQ(cache->values(1).row(0)[0], 4);
}

TEST(KeyValueCache, GrowsToItsCapacityAndForgets)
{
    FakeTensorMemory memory;
    auto cache = KeyValueCache::create(twoLayers(), 10, memory);
    ASSERT_TRUE(cache);
    cache->advance(7);
    cache->advance(3);
    EXPECT_EQ(cache->length(), cache->capacity());
    cache->rewind(4);
    EXPECT_EQ(cache->length(), 4);
}

TEST(KeyValueCache, IsRefusedInWordsWhenTheMemoryIsShort)
{
    FakeTensorMemory memory(100);
    const auto cache = KeyValueCache::create(twoLayers(), 10, memory);
    ASSERT_FALSE(cache);
    EXPECT_EQ(cache.error().code, ErrorCode::Memory);
}

} // namespace
} // namespace dubito::model
