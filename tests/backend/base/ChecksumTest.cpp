// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/base/Checksum.h"

#include <gtest/gtest.h>
#include <string_view>

namespace dubito {
namespace {

std::span<const std::byte> bytesOf(std::string_view text) { return std::as_bytes(std::span(text)); }

TEST(Checksum, TheEmptyInputHasThePublishedValue)
{
    EXPECT_EQ(checksumHex({}), "99aa06d3014798d86001c324468d497f");
}

TEST(Checksum, PiecesMakeTheSameSumAsTheWhole)
{
    Checksum checksum;
    checksum.add(bytesOf("one "));
    checksum.add(bytesOf("two"));
    EXPECT_EQ(checksum.toHex(), checksumHex(bytesOf("one two")));
    EXPECT_NE(checksum.toHex(), checksumHex(bytesOf("one twp")));
}

TEST(Checksum, TheSeedChangesTheShortSum)
{
    EXPECT_NE(checksum64(bytesOf("one"), 1), checksum64(bytesOf("one"), 2));
}

} // namespace
} // namespace dubito
