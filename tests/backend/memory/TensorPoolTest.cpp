// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/memory/TensorPool.h"

#include "backend/base/Random.h"
#include "backend/base/Text.h"
#include "backend/base/Worker.h"

#include <cstring>
#include <vector>

#include <gtest/gtest.h>

namespace dubito::memory {
namespace {

Block take(TensorPool& pool, std::size_t bytes, Category category = Category::Activations)
{
    Result<Block> block = pool.allocate(bytes, category);
    EXPECT_TRUE(block.hasValue());
    return std::move(block).value();
}

void expectBalanced(const PoolCounters& now)
{
    EXPECT_EQ(now.active + now.cache + now.slack, now.mapped);
    EXPECT_GE(now.slack, 0);
    std::int64_t bytes = 0;
    for (const std::int64_t part : now.bytes) {
        bytes += part;
    }
    EXPECT_EQ(bytes, now.active);
}

TEST(TensorPool, CountsLiveBytesAndBlocksByCategoryExactly)
{
    TensorPool pool;
    const Block weights = take(pool, 3 << 20, Category::Weights);
    {
        const Block small = take(pool, 100, Category::Data);
        EXPECT_EQ(pool.counters().bytes[toIndex(Category::Data)], 100);
        EXPECT_EQ(pool.counters().count[toIndex(Category::Data)], 1);
        expectBalanced(pool.counters());
    }
    EXPECT_EQ(pool.counters().bytes[toIndex(Category::Data)], 0);
    EXPECT_EQ(pool.active(), 3 * kMiB);
    EXPECT_EQ(pool.peak(), 3 * kMiB + 100);
    pool.resetPeak();
    EXPECT_EQ(pool.peak(), 3 * kMiB);
    expectBalanced(pool.counters());
}

TEST(TensorPool, BlocksAreAlignedAndDoNotOverlap)
{
    TensorPool pool;
    Random random(3);
    std::vector<Block> blocks;
    for (int round = 0; round < 3000; ++round) {
        if (!blocks.empty() && random.below(3) == 0) {
            const std::size_t at = random.below(blocks.size());
            const auto mark = static_cast<unsigned char>(blocks[at].bytes() * 7 + 1);
            for (std::size_t i = 0; i < blocks[at].bytes(); ++i) {
                ASSERT_EQ(static_cast<unsigned char>(blocks[at].data()[i]), mark);
            }
            std::swap(blocks[at], blocks.back());
            blocks.pop_back();
            continue;
        }
        const std::size_t bytes = random.below(random.below(2) == 0 ? 2000 : 70000);
        blocks.push_back(take(pool, bytes, static_cast<Category>(random.below(kCategoryCount))));
        ASSERT_EQ(reinterpret_cast<std::uintptr_t>(blocks.back().data()) % 64, 0U);
        std::memset(blocks.back().data(), static_cast<unsigned char>(bytes * 7 + 1), bytes);
    }
    expectBalanced(pool.counters());
    blocks.clear();
    EXPECT_EQ(pool.active(), 0);
    pool.clearCache();
    EXPECT_EQ(pool.counters().mapped, 0);
}

TEST(TensorPool, ABudgetRefusesBeforeAnythingIsTaken)
{
    TensorPool pool({ .budgetBytes = 8 * kMiB });
    const Block first = take(pool, 6 << 20);
    const PoolCounters before = pool.counters();
    const Result<Block> second = pool.allocate(4 << 20, Category::Gradients);
    ASSERT_FALSE(second.hasValue());
    EXPECT_EQ(second.error().code, ErrorCode::Memory);
    EXPECT_NE(second.error().message.find("memory.budget_gb"), std::string::npos);
    EXPECT_NE(second.error().message.find("gradients"), std::string::npos);
    EXPECT_EQ(pool.counters().mapped, before.mapped);
    EXPECT_EQ(pool.counters().active, before.active);
    EXPECT_EQ(pool.counters().refused, 1U);
    expectBalanced(pool.counters());
}

TEST(TensorPool, UnderABudgetKeptMemoryMakesRoom)
{
    TensorPool pool({ .budgetBytes = 10 * kMiB });
    take(pool, 6 << 20);
    EXPECT_EQ(pool.cache(), 6 * kMiB);
    const Block second = take(pool, 8 << 20);
    EXPECT_EQ(pool.counters().mapped, 8 * kMiB);
}

TEST(TensorPool, ASizeThatNoMachineHasIsRefusedInWords)
{
    TensorPool pool;
    const Result<Block> block = pool.allocate(static_cast<std::size_t>(-1), Category::Data);
    ASSERT_FALSE(block.hasValue());
    EXPECT_EQ(block.error().code, ErrorCode::Memory);
    EXPECT_EQ(pool.counters().mapped, 0);
}

TEST(TensorPool, AFreedBlockServesOneThatIsAtMostAnEighthSmaller)
{
    TensorPool pool;
    take(pool, 18 << 20);
    EXPECT_EQ(pool.cache(), 18 * kMiB);
    {
        const Block fits = take(pool, 16 << 20);
        EXPECT_EQ(pool.counters().mapCalls, 1U);
        expectBalanced(pool.counters());
    }
    const Block tooSmall = take(pool, 14 << 20);
    EXPECT_EQ(pool.counters().mapCalls, 2U);
}

TEST(TensorPool, ASteadyStepTakesNothingFromTheMachine)
{
    TensorPool pool;
    const auto step = [&pool] {
        std::vector<Block> blocks;
        for (const std::size_t bytes : { 100, 5000, 3 << 20, 700000, 5 << 20, 100 }) {
            blocks.push_back(take(pool, bytes));
        }
    };
    step();
    const PoolCounters first = pool.counters();
    for (int i = 0; i < 100; ++i) {
        step();
        if (i % 10 == 0) {
            pool.trimUnused();
        }
    }
    EXPECT_EQ(pool.counters().mapCalls, first.mapCalls);
    EXPECT_EQ(pool.counters().mapped, first.mapped);
}

TEST(TensorPool, TrimGivesBackWhatNoStepHasUsedSinceTheLastOne)
{
    TensorPool pool;
    take(pool, 40 << 20);
    EXPECT_EQ(pool.trimUnused(), 0);
    take(pool, 4 << 20);
    EXPECT_EQ(pool.trimUnused(), 40 * kMiB);
    EXPECT_EQ(pool.trimUnused(), 4 * kMiB);
    EXPECT_EQ(pool.counters().mapped, 0);
}

TEST(TensorPool, TheCacheLimitHoldsAtTheFree)
{
    TensorPool pool({ .cacheBytes = 6 * kMiB });
    take(pool, 8 << 20);
    EXPECT_EQ(pool.cache(), 0);
    take(pool, 4 << 20);
    EXPECT_EQ(pool.cache(), 4 * kMiB);
    pool.setLimits({ .cacheBytes = 2 * kMiB });
    EXPECT_EQ(pool.cache(), 0);
}

TEST(TensorPool, LongLivedAndShortLivedSmallBlocksDoNotShareASlab)
{
    TensorPool pool;
    const Block weights = take(pool, 1000, Category::Weights);
    {
        const Block activations = take(pool, 1000, Category::Activations);
        EXPECT_EQ(pool.counters().mapped, 4 * kMiB);
    }
    EXPECT_EQ(pool.clearCache(), 2 * kMiB);
    EXPECT_EQ(pool.counters().mapped, 2 * kMiB);
}

TEST(TensorPool, AfterAReloadBlocksOfTheOldGenerationAreNamedWithTheirSite)
{
    TensorPool pool;
    const Block forgotten = take(pool, 2 << 20, Category::Optimizer);
    const std::uint32_t generation = pool.beginGeneration();
    const Block fresh = take(pool, 1 << 20, Category::Optimizer);
    const OldBlocks old = pool.blocksBefore(generation);
    ASSERT_EQ(old.count, 1);
    EXPECT_EQ(old.bytes, 2 * kMiB);
    EXPECT_EQ(old.largest.front().count, 1);
    EXPECT_NE(old.largest.front().site.find("TensorPoolTest.cpp"), std::string::npos);
    EXPECT_NE(old.largest.front().site.find("optimizer"), std::string::npos);
}

TEST(TensorPool, TheSiteThatGrewMostIsRankedFirst)
{
    TensorPool pool;
    std::vector<Block> leaked;
    const std::vector<SiteUse> before = pool.sites();
    for (int step = 0; step < 10; ++step) {
        leaked.push_back(std::move(pool.allocate(500, Category::Data)).value());
        leaked.push_back(std::move(pool.allocate(9000, Category::Activations)).value());
    }
    const std::vector<SiteGrowth> grown = rankGrowth(before, pool.sites(), 10, 5);
    ASSERT_EQ(grown.size(), 2U);
    EXPECT_EQ(grown[0].bytes, 90000);
    EXPECT_EQ(grown[0].site.category, Category::Activations);
    EXPECT_DOUBLE_EQ(grown[0].countPerStep, 1.0);
}

TEST(BorderTensorPool, TwoThreadsAtFullSpeedLeaveTheBooksBalanced)
{
    TensorPool pool;
    const auto work = [&pool](std::uint64_t seed) {
        return [&pool, seed](std::stop_token) {
            Random random(seed);
            std::vector<Block> blocks(32);
            for (int i = 0; i < 4000; ++i) {
                auto block = pool.allocate(random.below(random.below(8) == 0 ? 3 << 20 : 20000), Category::Data);
                blocks[random.below(blocks.size())] = std::move(block).value();
            }
        };
    };
    {
        Worker first("first", work(1), [](const Error&) { FAIL(); });
        Worker second("second", work(2), [](const Error&) { FAIL(); });
        first.join();
        second.join();
    }
    EXPECT_EQ(pool.active(), 0);
    expectBalanced(pool.counters());
}

TEST(TensorPoolDeathTest, APoolThatGoesBeforeItsBlocksEndsTheProgram)
{
    EXPECT_DEATH(
        {
            auto pool = std::make_unique<TensorPool>();
            const Block block = take(*pool, 10);
            pool.reset();
        },
        "before its blocks");
}

} // namespace
} // namespace dubito::memory
