// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/model/Dtype.h"

#include "backend/base/Check.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

namespace dubito::model {

static_assert(std::endian::native == std::endian::little, "stored tensors are little-endian and are not swapped");

namespace {

struct Row {
    Dtype dtype;
    std::string_view word;
    std::size_t bytes;
};

/// In the order of the enum.
constexpr std::array kRows {
    Row { Dtype::Bool, "BOOL", 1 },
    Row { Dtype::U8, "U8", 1 },
    Row { Dtype::I8, "I8", 1 },
    Row { Dtype::F8E5M2, "F8_E5M2", 1 },
    Row { Dtype::F8E4M3, "F8_E4M3", 1 },
    Row { Dtype::I16, "I16", 2 },
    Row { Dtype::U16, "U16", 2 },
    Row { Dtype::F16, "F16", 2 },
    Row { Dtype::BF16, "BF16", 2 },
    Row { Dtype::I32, "I32", 4 },
    Row { Dtype::U32, "U32", 4 },
    Row { Dtype::F32, "F32", 4 },
    Row { Dtype::F64, "F64", 8 },
    Row { Dtype::I64, "I64", 8 },
    Row { Dtype::U64, "U64", 8 },
};

const Row& rowOf(Dtype dtype) { return kRows[static_cast<std::size_t>(dtype)]; }

template <typename Stored, typename To, typename Convert>
void decodeEach(std::span<const std::byte> from, std::span<To> to, Convert convert)
{
    const std::byte* source = from.data();
    for (std::size_t i = 0; i < to.size(); ++i) {
        Stored stored;
        std::memcpy(&stored, source + i * sizeof(Stored), sizeof(Stored));
        to[i] = static_cast<To>(convert(stored));
    }
}

template <typename Stored, typename Convert>
void encodeEach(std::span<const float> from, std::span<std::byte> to, Convert convert)
{
    std::byte* target = to.data();
    for (std::size_t i = 0; i < from.size(); ++i) {
        const Stored stored = convert(from[i]);
        std::memcpy(target + i * sizeof(Stored), &stored, sizeof(Stored));
    }
}

template <typename To>
void decodeAny(Dtype dtype, std::span<const std::byte> from, std::span<To> to)
{
    CHECK(isDecodable(dtype), "only floating-point tensors are decoded");
    CHECK(from.size() == to.size() * bytesOf(dtype), "a tensor is decoded into as many numbers as it has");
    switch (dtype) {
    case Dtype::F32:
        return decodeEach<float>(from, to, [](float value) { return value; });
    case Dtype::BF16:
        return decodeEach<std::uint16_t>(from, to, fromBf16);
    case Dtype::F16:
        return decodeEach<std::uint16_t>(from, to, fromF16);
    default:
        return decodeEach<double>(from, to, [](double value) { return value; });
    }
}

} // namespace

std::string_view toWord(Dtype dtype) { return rowOf(dtype).word; }

std::optional<Dtype> toDtype(std::string_view word)
{
    const auto* row = std::ranges::find(kRows, word, &Row::word);
    return row == kRows.end() ? std::nullopt : std::optional(row->dtype);
}

std::size_t bytesOf(Dtype dtype) { return rowOf(dtype).bytes; }

bool isWeightDtype(Dtype dtype) { return dtype == Dtype::F32 || dtype == Dtype::BF16 || dtype == Dtype::F16; }

bool isDecodable(Dtype dtype) { return isWeightDtype(dtype) || dtype == Dtype::F64; }

std::uint16_t toBf16(float value)
{
    const auto bits = std::bit_cast<std::uint32_t>(value);
    // The sum carries into the exponent as rounding must; a NaN would overflow into a zero or an infinity.
    const std::uint32_t rounded = bits + 0x7fffU + ((bits >> 16) & 1U);
    const bool isNan = (bits & 0x7fffffffU) > 0x7f800000U;
    return static_cast<std::uint16_t>((isNan ? bits | 0x00400000U : rounded) >> 16);
}

float fromBf16(std::uint16_t bits) { return std::bit_cast<float>(static_cast<std::uint32_t>(bits) << 16); }

// Both F16 conversions follow M. Dukhan's FP16: the rounding is done by a float addition at the right exponent, there
// is no branch, and so the loops above are vectorised.
std::uint16_t toF16(float value)
{
    const auto bits = std::bit_cast<std::uint32_t>(value);
    const std::uint32_t doubled = bits << 1;
    const std::uint32_t sign = (bits >> 16) & 0x8000U;
    const float toInfinity = std::bit_cast<float>(0x77800000U); // 2^112
    const float toZero = std::bit_cast<float>(0x08800000U);     // 2^-110
    const float scaled = std::bit_cast<float>(bits & 0x7fffffffU) * toInfinity * toZero;
    const std::uint32_t bias = std::max(doubled & 0xff000000U, 0x71000000U);
    const float sum = std::bit_cast<float>((bias >> 1) + 0x07800000U) + scaled;
    const auto sumBits = std::bit_cast<std::uint32_t>(sum);
    const std::uint32_t number = ((sumBits >> 13) & 0x7c00U) + (sumBits & 0x0fffU);
    return static_cast<std::uint16_t>(sign | (doubled > 0xff000000U ? 0x7e00U : number));
}

float fromF16(std::uint16_t bits)
{
    const std::uint32_t wide = static_cast<std::uint32_t>(bits) << 16;
    const std::uint32_t doubled = wide << 1;
    const float normal
        = std::bit_cast<float>((doubled >> 4) + (0xe0U << 23)) * std::bit_cast<float>(0x07800000U); // 2^-112
    const float subnormal = std::bit_cast<float>((doubled >> 17) | (126U << 23)) - 0.5F;
    const auto number = std::bit_cast<std::uint32_t>(doubled < (1U << 27) ? subnormal : normal);
    return std::bit_cast<float>((wide & 0x80000000U) | number);
}

void decode(Dtype dtype, std::span<const std::byte> from, std::span<float> to) { decodeAny(dtype, from, to); }

void decode(Dtype dtype, std::span<const std::byte> from, std::span<double> to) { decodeAny(dtype, from, to); }

void encode(Dtype dtype, std::span<const float> from, std::span<std::byte> to)
{
    CHECK(isDecodable(dtype), "only floating-point tensors are encoded");
    CHECK(to.size() == from.size() * bytesOf(dtype), "a tensor is encoded into as many bytes as it needs");
    switch (dtype) {
    case Dtype::F32:
        return encodeEach<float>(from, to, [](float value) { return value; });
    case Dtype::BF16:
        return encodeEach<std::uint16_t>(from, to, toBf16);
    case Dtype::F16:
        return encodeEach<std::uint16_t>(from, to, toF16);
    default:
        return encodeEach<double>(from, to, [](float value) { return static_cast<double>(value); });
    }
}

} // namespace dubito::model
