// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>

/// Memory straight from the kernel: what is given back here is gone from the resident set at once.
namespace dubito::memory {

enum class Pages : std::uint8_t { Small, Huge };

/// What is left to libraries where the process has a limit of addresses (ulimit -v, ulimit -d): not all of them stand it
/// when memory is refused.
inline constexpr std::size_t kSpareBytes = std::size_t { 48 } << 20;

/// Whether this process has such a limit of its own.
bool hasAddressLimit();

/// Anonymous, zeroed, aligned to 2 MiB; nullptr when the machine refuses, or when less than kSpareBytes of the process's own
/// limit would be left. Requires: bytes is a multiple of 2 MiB, not 0.
std::byte* mapMemory(std::size_t bytes, Pages pages);

/// Gives a mapping back whole. Requires: exactly what mapMemory() returned.
void unmapMemory(std::byte* base, std::size_t bytes);

} // namespace dubito::memory
