// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>

/// Memory straight from the kernel: what is given back here is gone from the resident set at once.
namespace dubito::memory {

enum class Pages : std::uint8_t { Small, Huge };

/// Anonymous, zeroed, aligned to 2 MiB; nullptr when the machine refuses. Requires: bytes is a multiple of 2 MiB, not 0.
std::byte* mapMemory(std::size_t bytes, Pages pages);

/// Gives a mapping back whole. Requires: exactly what mapMemory() returned.
void unmapMemory(std::byte* base, std::size_t bytes);

} // namespace dubito::memory
