// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>

/// The things worth telling the C library's heap, and one worth asking it.
namespace dubito::memory {

/// Fixes the size from which malloc() maps, at 256 KiB. Otherwise one large free raises it for good, and later blocks
/// of megabytes stay resident after they are freed. Call first in main(), before any thread.
void settleHeap();

/// Takes so much for small blocks now, touched, and keeps it for reuse. For a program with a window: its memory would
/// otherwise creep up for as long as its charts fill, and look like a leak in the program that hunts leaks. Main thread.
void reserveHeap(std::size_t bytes);

/// What the window needs when all its charts are full, with the heap in pieces.
inline constexpr std::size_t kWindowHeap = std::size_t { 56 } << 20;

/// Gives free pages of the C library's heap back to the machine. Up to 200 ms on a large heap: on reload, never per step.
void trimHeap();

/// Bytes in use, exact, mapped blocks included; 0 where the C library does not tell. It walks the free lists: now and
/// then, never per step.
std::int64_t heapInUse();

} // namespace dubito::memory
