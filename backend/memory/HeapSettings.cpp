// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/memory/HeapSettings.h"

#include <cstdlib>

#if defined(__GLIBC__)
#include <malloc.h>
#endif

namespace dubito::memory {

void settleHeap()
{
#if defined(__GLIBC__)
    ::mallopt(M_MMAP_THRESHOLD, 256 * 1024);
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
