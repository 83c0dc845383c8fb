// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/memory/HeapSettings.h"

#include "backend/base/Text.h"
#include "backend/memory/MemoryProbe.h"

#include <memory>
#include <vector>

#include <gtest/gtest.h>

namespace dubito::memory {
namespace {

TEST(HeapSettings, AfterOneLargeFreeBlocksOfMegabytesStillLeaveTheResidentSet)
{
#if defined(DUBITO_SANITIZED) || !defined(__GLIBC__)
    GTEST_SKIP() << "another allocator stands in for the C library's";
#endif
    settleHeap();
    LinuxMemoryProbe probe;
    std::vector<char>(24 << 20, 'x');
    const std::int64_t before = probe.process().resident;
    std::vector<std::vector<char>> blocks;
    std::vector<std::unique_ptr<char>> pins;
    for (int i = 0; i < 20; ++i) {
        blocks.emplace_back(2 << 20, 'x');
        pins.push_back(std::make_unique<char>('x'));
    }
    EXPECT_GT(probe.process().resident, before + 30 * kMiB);
    blocks.clear();
    EXPECT_LT(probe.process().resident, before + 8 * kMiB);
    trimHeap();
}

TEST(HeapSettings, WhatWasReservedIsUsedAgainInsteadOfTakingMore)
{
#if defined(DUBITO_SANITIZED) || !defined(__GLIBC__)
    GTEST_SKIP() << "another allocator stands in for the C library's";
#endif
    settleHeap();
    constexpr std::size_t kBytes = std::size_t { 16 } << 20;
    reserveHeap(kBytes);
    LinuxMemoryProbe probe;
    const auto before = probe.process().resident;
    std::vector<std::unique_ptr<char[]>> blocks;
    for (std::size_t taken = 0; taken < kBytes / 2; taken += 4096) {
        blocks.push_back(std::make_unique<char[]>(4096));
    }
    EXPECT_LT(probe.process().resident - before, std::int64_t { 2 } << 20);
    blocks.clear();
    trimHeap();
}

} // namespace
} // namespace dubito::memory
