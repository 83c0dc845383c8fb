// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/model/Tensor.h"

#include <bit>
#include <cstdint>

namespace dubito::model {

/// The upper half of a float32, as BF16 products read it. An enum, so that it is never mistaken for a number.
enum class Bf16 : std::uint16_t {};

/// To the nearest, ties to even; too large becomes infinity, a NaN stays one: a loss that is lost must be seen.
/// In the header and without a branch, so that loops over it become vector instructions.
inline Bf16 rounded(float value)
{
    const auto bits = std::bit_cast<std::uint32_t>(value);
    const std::uint32_t nearest = (bits + 0x7FFFU + ((bits >> 16U) & 1U)) >> 16U;
    const std::uint32_t quiet = (bits >> 16U) | 0x40U;
    return static_cast<Bf16>((bits & 0x7FFFFFFFU) > 0x7F800000U ? quiet : nearest);
}

/// Exact.
inline float widened(Bf16 value)
{
    return std::bit_cast<float>(static_cast<std::uint32_t>(value) << 16U);
}

/// out (N, C) = in (N, C), rounded. `out` may stand in the memory of `in`, row by row (a row begins where it began):
/// that is how a buffer is narrowed in place.
void narrowRows(Matrix<Bf16> out, Matrix<const float> in);

/// out (N, C) = in (N, C), exactly.
void widenRows(Matrix<float> out, Matrix<const Bf16> in);

/// A sixteenth of the power of two above `rows`, but 32 at least.
constexpr std::int64_t paddingGrain(std::int64_t rows)
{
    constexpr std::int64_t kFewest = 32;
    const auto ceiling = static_cast<std::int64_t>(std::bit_ceil(static_cast<std::uint64_t>(rows)));
    return ceiling / 16 > kFewest ? ceiling / 16 : kFewest;
}

/// Rows that a sum over `rows` of them is padded to with zeros, so that few different products are ever made: less than
/// an eighth more, or the next multiple of 32. Never falls when `rows` grows.
constexpr std::int64_t paddedRows(std::int64_t rows)
{
    const std::int64_t grain = paddingGrain(rows);
    return (rows + grain - 1) / grain * grain;
}

} // namespace dubito::model
