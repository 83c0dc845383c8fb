// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/memory/SizeClass.h"

#include <gtest/gtest.h>

namespace dubito::memory {
namespace {

TEST(SizeClass, EverySizeFitsItsClassAndNoSmallerOne)
{
    for (std::size_t bytes = 1; bytes < kLargeBytes; bytes += bytes < 5000 ? 1 : 61) {
        const std::size_t sizeClass = sizeClassOf(bytes);
        ASSERT_LT(sizeClass, kSizeClassCount);
        ASSERT_GE(bytesOfClass(sizeClass), bytes);
        ASSERT_TRUE(sizeClass == 0 || bytesOfClass(sizeClass - 1) < bytes) << bytes;
    }
}

TEST(SizeClass, ClassesAreAlignedAndWasteAtMostAnEighth)
{
    for (std::size_t sizeClass = 8; sizeClass < kSizeClassCount; ++sizeClass) {
        EXPECT_EQ(bytesOfClass(sizeClass) % 64, 0U);
        EXPECT_LE(bytesOfClass(sizeClass), bytesOfClass(sizeClass - 1) + bytesOfClass(sizeClass - 1) / 8);
    }
    EXPECT_EQ(bytesOfClass(kSizeClassCount - 1), kLargeBytes);
}

} // namespace
} // namespace dubito::memory
