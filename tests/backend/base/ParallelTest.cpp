// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/base/Parallel.h"

#include <gtest/gtest.h>
#include <algorithm>
#include <atomic>
#include <new>
#include <numeric>

namespace dubito {
namespace {

TEST(Parallel, EveryElementIsVisitedOnceAndSlicesAreMultiplesOfTheGrain)
{
    for (const int threads : { 1, 2, 3, 5 }) {
        Parallel parallel(threads);
        for (const std::int64_t count : { 1, 7, 64, 1000 }) {
            std::vector<int> visits(static_cast<std::size_t>(count));
            parallel.forSlices(count, 8, [&](std::int64_t begin, std::int64_t end, int) {
                EXPECT_EQ(begin % 8, 0);
                EXPECT_TRUE(end % 8 == 0 || end == count);
                for (auto i = begin; i < end; ++i) {
                    ++visits[static_cast<std::size_t>(i)];
                }
            });
            EXPECT_EQ(std::accumulate(visits.begin(), visits.end(), 0), count);
            EXPECT_EQ(*std::ranges::max_element(visits), 1);
        }
    }
}

TEST(Parallel, TheSplitIsTheSameEveryTime)
{
    Parallel parallel(3);
    std::vector<std::int64_t> first(3);
    parallel.forSlices(100, [&](std::int64_t begin, std::int64_t, int thread) { first[static_cast<std::size_t>(thread)] = begin; });
    for (int i = 0; i < 200; ++i) {
        std::vector<std::int64_t> again(3);
        parallel.forSlices(100, [&](std::int64_t begin, std::int64_t, int thread) { again[static_cast<std::size_t>(thread)] = begin; });
        ASSERT_EQ(again, first);
    }
}

TEST(Parallel, NothingToDoCallsNobody)
{
    Parallel parallel(2);
    parallel.forSlices(0, [](std::int64_t, std::int64_t, int) { FAIL(); });
}

TEST(Parallel, WhatASliceThrowsIsThrownOnceAllSlicesAreDone)
{
    Parallel parallel(3);
    for (int thrower = 0; thrower < 3; ++thrower) {
        std::atomic<int> done = 0;
        const auto work = [&](int thread) {
            if (thread == thrower) {
                throw std::bad_alloc();
            }
            ++done;
        };
        EXPECT_THROW(parallel.forThreads(work), std::bad_alloc);
        EXPECT_EQ(done, 2);
    }
    std::atomic<int> calls = 0;
    parallel.forThreads([&](int) { ++calls; });
    EXPECT_EQ(calls, 3) << "it goes on";
}

TEST(Parallel, EachThreadIsCalledOnceByForThreads)
{
    Parallel parallel(4);
    std::vector<int> calls(4);
    parallel.forThreads([&](int thread) { ++calls[static_cast<std::size_t>(thread)]; });
    EXPECT_EQ(calls, (std::vector<int> { 1, 1, 1, 1 }));
}

#if defined(__x86_64__)

TEST(Parallel, NumbersTooSmallToBeNormalAreZeroWithinACallOnEveryThreadAndNotAfterIt)
{
    const volatile float small = 1e-20F;
    for (const int threads : { 1, 3 }) {
        Parallel parallel(threads);
        std::vector<float> products(3, 1);
        parallel.forThreads([&](int thread) { products[static_cast<std::size_t>(thread)] = small * small; });
        for (int thread = 0; thread < threads; ++thread) {
            EXPECT_EQ(products[static_cast<std::size_t>(thread)], 0) << thread << " of " << threads;
        }
        EXPECT_GT(small * small, 0);
    }
}

#endif

} // namespace
} // namespace dubito
