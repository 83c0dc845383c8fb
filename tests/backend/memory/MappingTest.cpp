// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/memory/Mapping.h"

#include "backend/memory/SizeClass.h"

#include <cstdint>

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

TEST(Mapping, MoreThanTheAddressSpaceIsRefused)
{
    EXPECT_EQ(mapMemory(std::size_t { 1 } << 48, Pages::Small), nullptr);
}

} // namespace
} // namespace dubito::memory
