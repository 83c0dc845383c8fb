// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>

/// The sizes that small blocks are rounded to: eight per doubling, so that at most an eighth is wasted.
namespace dubito::memory {

inline constexpr std::size_t kSmallestClass = 64;

/// Blocks from here on have a mapping of their own.
inline constexpr std::size_t kLargeBytes = std::size_t { 1 } << 20;

/// Mappings and slabs come in units of this.
inline constexpr std::size_t kRegionBytes = std::size_t { 2 } << 20;

inline constexpr std::size_t kSizeClassCount = 96;

/// Requires: bytes < kLargeBytes.
constexpr std::size_t sizeClassOf(std::size_t bytes)
{
    const std::size_t wanted = std::max(bytes, std::size_t { 1 });
    if (wanted <= 8 * kSmallestClass) {
        return (wanted - 1) / kSmallestClass;
    }
    const auto doubling = static_cast<std::size_t>(std::bit_width(wanted - 1)) - 1; // 2^doubling < wanted <= 2^(doubling+1)
    const std::size_t eighth = (wanted - 1 - (std::size_t { 1 } << doubling)) >> (doubling - 3);
    return 8 + (doubling - 9) * 8 + eighth;
}

constexpr std::size_t bytesOfClass(std::size_t sizeClass)
{
    if (sizeClass < 8) {
        return (sizeClass + 1) * kSmallestClass;
    }
    const std::size_t doubling = 9 + (sizeClass - 8) / 8;
    return (std::size_t { 1 } << doubling) + ((sizeClass - 8) % 8 + 1) * (std::size_t { 1 } << (doubling - 3));
}

constexpr std::size_t roundedToRegion(std::size_t bytes)
{
    return (bytes + kRegionBytes - 1) / kRegionBytes * kRegionBytes;
}

} // namespace dubito::memory
