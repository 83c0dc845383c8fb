// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace dubito::model {

/// How the numbers of a stored tensor are coded: every type the safetensors format knows with whole bytes.
/// Weights are F32, BF16 or F16; the others are understood so that a file can be judged and refused in words.
enum class Dtype : std::uint8_t { Bool, U8, I8, F8E5M2, F8E4M3, I16, U16, F16, BF16, I32, U32, F32, F64, I64, U64 };

std::string_view toWord(Dtype dtype);
std::optional<Dtype> toDtype(std::string_view word);

/// Bytes of one number.
std::size_t bytesOf(Dtype dtype);

/// F32, BF16 and F16: what may be a weight.
bool isWeightDtype(Dtype dtype);

/// F64 too: what decode() understands.
bool isDecodable(Dtype dtype);

/// Round to nearest even; too large becomes infinity; a NaN stays a NaN (quiet), never an infinity.
std::uint16_t toBf16(float value);
std::uint16_t toF16(float value);

/// Exact. A NaN stays a NaN.
float fromBf16(std::uint16_t bits);
float fromF16(std::uint16_t bits);

/// Little-endian numbers of any alignment to float or double.
/// Requires: isDecodable(dtype), from.size() == to.size() * bytesOf(dtype).
void decode(Dtype dtype, std::span<const std::byte> from, std::span<float> to);
void decode(Dtype dtype, std::span<const std::byte> from, std::span<double> to);

/// The way back. Requires: isDecodable(dtype), to.size() == from.size() * bytesOf(dtype).
void encode(Dtype dtype, std::span<const float> from, std::span<std::byte> to);

} // namespace dubito::model
