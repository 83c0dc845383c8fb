// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/model/Dtype.h"

#include <gtest/gtest.h>

#include <array>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>

namespace dubito::model {
namespace {

float fromBits(std::uint32_t bits) { return std::bit_cast<float>(bits); }

/// F16 by the definition in the standard, with no trick: what fromF16() must equal.
double halfByDefinition(std::uint16_t bits)
{
    const int sign = (bits >> 15) != 0 ? -1 : 1;
    const int exponent = (bits >> 10) & 0x1f;
    const int fraction = bits & 0x3ff;
    return exponent == 0 ? sign * std::ldexp(fraction, -24) : sign * std::ldexp(1024 + fraction, exponent - 25);
}

TEST(Dtype, EveryFiniteHalfIsExactAndComesBackUnchanged)
{
    for (std::uint32_t bits = 0; bits < 0x10000; ++bits) {
        const auto half = static_cast<std::uint16_t>(bits);
        if (((bits >> 10) & 0x1f) == 0x1f) {
            continue;
        }
        ASSERT_EQ(static_cast<double>(fromF16(half)), halfByDefinition(half)) << std::hex << bits;
        ASSERT_EQ(toF16(fromF16(half)), half) << std::hex << bits;
    }
}

TEST(Dtype, BetweenTwoHalvesTheNearerIsTakenAndOfTwoEquallyNearTheEvenOne)
{
    for (std::uint32_t bits = 0; bits < 0x7bff; ++bits) {
        const float low = fromF16(static_cast<std::uint16_t>(bits));
        const float high = fromF16(static_cast<std::uint16_t>(bits + 1));
        const float middle = (low + high) / 2; // exact in float
        ASSERT_EQ(toF16(middle), bits % 2 == 0 ? bits : bits + 1) << std::hex << bits;
        ASSERT_EQ(toF16(std::nextafter(middle, low)), bits) << std::hex << bits;
        ASSERT_EQ(toF16(std::nextafter(middle, high)), bits + 1) << std::hex << bits;
    }
}

TEST(Dtype, Bf16RoundsToNearestEvenAndOverflowsToInfinity)
{
    EXPECT_EQ(toBf16(fromBits(0x3f808000)), 0x3f80);
    EXPECT_EQ(toBf16(fromBits(0x3f818000)), 0x3f82);
    EXPECT_EQ(toBf16(fromBits(0x3f808001)), 0x3f81);
    EXPECT_EQ(toBf16(std::numeric_limits<float>::max()), 0x7f80);
    EXPECT_EQ(toBf16(-std::numeric_limits<float>::infinity()), 0xff80);
}

TEST(Dtype, ANanNeverBecomesAnInfinity)
{
    for (const std::uint32_t bits : { 0x7fc00000U, 0x7f800001U, 0xffc00001U, 0x7fffffffU, 0xffffffffU }) {
        EXPECT_TRUE(std::isnan(fromBf16(toBf16(fromBits(bits))))) << std::hex << bits;
        EXPECT_TRUE(std::isnan(fromF16(toF16(fromBits(bits))))) << std::hex << bits;
    }
}

TEST(Dtype, TensorsAreDecodedFromAnyAlignment)
{
    std::array<std::byte, 9> bytes {};
    const std::array<float, 2> values { 1.5F, -2.25F };
    std::memcpy(bytes.data() + 1, values.data(), sizeof(values));
    std::array<float, 2> read {};
    decode(Dtype::F32, std::span(bytes).subspan(1), std::span<float>(read));
    EXPECT_EQ(read, values);
}

TEST(Dtype, WhatIsEncodedDecodesToTheRoundedNumbers)
{
    const std::array<float, 3> values { 1.0F, -0.333333343F, 65504.0F };
    for (const Dtype dtype : { Dtype::F64, Dtype::F32, Dtype::BF16, Dtype::F16 }) {
        std::vector<std::byte> bytes(values.size() * bytesOf(dtype));
        encode(dtype, values, bytes);
        std::array<double, 3> read {};
        decode(dtype, bytes, std::span<double>(read));
        const double precision = dtype == Dtype::BF16 ? 1.0 / 256 : dtype == Dtype::F16 ? 1.0 / 2048 : 0;
        for (std::size_t i = 0; i < values.size(); ++i) {
            const auto exact = static_cast<double>(values[i]);
            EXPECT_NEAR(read[i], exact, std::abs(exact) * precision) << toWord(dtype);
        }
    }
}

TEST(Dtype, EveryWordNamesItsDtype)
{
    for (const char* word : { "BOOL", "U8", "I8", "F8_E5M2", "F8_E4M3", "I16", "U16", "F16", "BF16", "I32", "U32",
             "F32", "F64", "I64", "U64" }) {
        ASSERT_TRUE(toDtype(word)) << word;
        EXPECT_EQ(toWord(*toDtype(word)), word);
    }
    EXPECT_FALSE(toDtype("f32"));
}

} // namespace
} // namespace dubito::model
