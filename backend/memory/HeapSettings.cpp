// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/memory/HeapSettings.h"

#include "backend/memory/Mapping.h"

#include <algorithm>
#include <memory>
#include <vector>

#if defined(__GLIBC__)
#include <malloc.h>
#endif

namespace dubito::memory {

void settleHeap()
{
#if defined(__GLIBC__)
    ::mallopt(M_MMAP_THRESHOLD, 256 * 1024);
    if (hasAddressLimit()) {
        ::mallopt(M_ARENA_MAX, 1); // one for each thread takes 64 MiB of addresses at a time
    }
#endif
}

void reserveHeap(std::size_t bytes)
{
#if defined(__GLIBC__)
    constexpr std::size_t kBlock = 64 * 1024; // below the size that is mapped
    ::mallopt(M_TRIM_THRESHOLD, static_cast<int>(std::min(2 * bytes, std::size_t { 1 } << 30)));
    std::vector<std::unique_ptr<char[]>> blocks;
    for (std::size_t taken = 0; taken < bytes; taken += kBlock) {
        blocks.push_back(std::make_unique<char[]>(kBlock)); // zeros: every page is touched
    }
#else
    static_cast<void>(bytes);
#endif
}

void trimHeap()
{
#if defined(__GLIBC__)
    ::malloc_trim(0);
#endif
}

std::int64_t heapInUse()
{
#if defined(__GLIBC__)
    const auto heap = ::mallinfo2();
    return static_cast<std::int64_t>(heap.uordblks + heap.hblkhd);
#else
    return 0;
#endif
}

} // namespace dubito::memory
