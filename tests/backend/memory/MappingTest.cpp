// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/memory/Mapping.h"

#include "backend/memory/SizeClass.h"

#include <cstdint>
#include <fstream>
#include <sys/resource.h>
#include <unistd.h>

#include <gtest/gtest.h>

namespace dubito::memory {
namespace {

TEST(Mapping, MemoryIsZeroedAlignedAndWritable)
{
    for (const std::size_t units : { 1, 2, 5 }) {
        std::byte* base = mapMemory(units * kRegionBytes, Pages::Huge);
        ASSERT_NE(base, nullptr);
        EXPECT_EQ(reinterpret_cast<std::uintptr_t>(base) % kRegionBytes, 0U);
        EXPECT_EQ(base[units * kRegionBytes - 1], std::byte { 0 });
        base[units * kRegionBytes - 1] = std::byte { 1 };
        unmapMemory(base, units * kRegionBytes);
    }
}

/// Bytes of addresses that this process has mapped.
std::size_t addressesInUse()
{
    std::size_t pages = 0;
    std::ifstream("/proc/self/statm") >> pages;
    return pages * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

TEST(Mapping, WhereAddressesAreLimitedLibrariesKeepTheirShare)
{
#ifdef DUBITO_SANITIZED
    GTEST_SKIP() << "a sanitizer needs addresses without a limit";
#endif
    rlimit before {};
    ASSERT_EQ(::getrlimit(RLIMIT_AS, &before), 0);
    const rlimit limit { addressesInUse() + kSpareBytes + 16 * kRegionBytes, before.rlim_max };
    ASSERT_EQ(::setrlimit(RLIMIT_AS, &limit), 0);
    std::byte* const few = mapMemory(kRegionBytes, Pages::Small);
    std::byte* const many = mapMemory(20 * kRegionBytes, Pages::Small);
    ASSERT_EQ(::setrlimit(RLIMIT_AS, &before), 0);
    EXPECT_NE(few, nullptr);
    EXPECT_EQ(many, nullptr) << "there would have been room, but not for libraries as well";
    if (few != nullptr) {
        unmapMemory(few, kRegionBytes);
    }
}

TEST(Mapping, MoreThanTheAddressSpaceIsRefused)
{
    EXPECT_EQ(mapMemory(std::size_t { 1 } << 48, Pages::Small), nullptr);
}

} // namespace
} // namespace dubito::memory
