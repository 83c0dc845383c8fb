// SPDX-License-Identifier: GPL-3.0-or-later
// Each in a process of its own: what other tests left in the heap of this one would be measured too.
#include "backend/memory/HeapSettings.h"

#include "backend/base/Text.h"
#include "backend/memory/MemoryProbe.h"

#include <cstdlib>
#include <memory>
#include <vector>

#include <gtest/gtest.h>

namespace dubito::memory {
namespace {

bool isAtMost(const char* what, std::int64_t bytes, std::int64_t most)
{
    std::fprintf(stderr, "%s: %s, at most %s expected\n", what, bytesToText(bytes).c_str(), bytesToText(most).c_str());
    return bytes <= most;
}

/// Blocks of 2 MiB, pinned by small objects, after one block of 24 MiB was freed.
bool megabytesLeave()
{
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
    const bool isTaken = !isAtMost("taken", probe.process().resident - before, 30 * kMiB);
    blocks.clear();
    return isAtMost("left behind", probe.process().resident - before, 8 * kMiB) && isTaken;
}

bool reservedIsUsedAgain()
{
    settleHeap();
    constexpr std::size_t kBytes = std::size_t { 16 } << 20;
    reserveHeap(kBytes);
    LinuxMemoryProbe probe;
    const auto before = probe.process().resident;
    std::vector<std::unique_ptr<char[]>> blocks;
    for (std::size_t taken = 0; taken < kBytes / 2; taken += 4096) {
        blocks.push_back(std::make_unique<char[]>(4096));
    }
    return isAtMost("taken on top", probe.process().resident - before, 2 * kMiB);
}

class HeapSettings : public testing::Test {
protected:
    void SetUp() override
    {
#if defined(DUBITO_SANITIZED) || !defined(__GLIBC__)
        GTEST_SKIP() << "another allocator stands in for the C library's";
#endif
        testing::FLAGS_gtest_death_test_style = "threadsafe"; // begins the program anew for one test
    }
};

TEST_F(HeapSettings, AfterOneLargeFreeBlocksOfMegabytesStillLeaveTheResidentSet)
{
    EXPECT_EXIT(std::exit(megabytesLeave() ? 0 : 1), testing::ExitedWithCode(0), "");
}

TEST_F(HeapSettings, WhatWasReservedIsUsedAgainInsteadOfTakingMore)
{
    EXPECT_EXIT(std::exit(reservedIsUsedAgain() ? 0 : 1), testing::ExitedWithCode(0), "");
}

} // namespace
} // namespace dubito::memory
