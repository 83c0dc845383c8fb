// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/memory/Mapping.h"

#include "backend/base/Check.h"
#include "backend/memory/SizeClass.h"

#include <cstdint>

#include <sys/mman.h>
#include <sys/resource.h>

namespace dubito::memory {
namespace {

std::byte* map(std::size_t bytes)
{
    void* base = ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return base == MAP_FAILED ? nullptr : static_cast<std::byte*>(base);
}

std::size_t misalignment(const std::byte* base)
{
    return reinterpret_cast<std::uintptr_t>(base) % kRegionBytes;
}

/// Maps one unit more and cuts both ends off, so that what is left begins on a huge page.
std::byte* mapAligned(std::size_t bytes)
{
    std::byte* const wide = map(bytes + kRegionBytes);
    if (wide == nullptr) {
        return nullptr;
    }
    const std::size_t before = (kRegionBytes - misalignment(wide)) % kRegionBytes;
    if (before > 0) {
        unmapMemory(wide, before);
    }
    unmapMemory(wide + before + bytes, kRegionBytes - before);
    return wide + before;
}

bool isLimited(int resource)
{
    rlimit limit {};
    return ::getrlimit(static_cast<__rlimit_resource>(resource), &limit) == 0 && limit.rlim_cur != RLIM_INFINITY;
}

/// Nothing is taken but addresses, and these for a moment.
bool leavesSpare()
{
    if (!hasAddressLimit()) {
        return true;
    }
    std::byte* const spare = map(kSpareBytes);
    if (spare != nullptr) {
        unmapMemory(spare, kSpareBytes);
    }
    return spare != nullptr;
}

} // namespace

bool hasAddressLimit() { return isLimited(RLIMIT_AS) || isLimited(RLIMIT_DATA); }

std::byte* mapMemory(std::size_t bytes, Pages pages)
{
    CHECK(bytes > 0 && bytes % kRegionBytes == 0, "mappings come in units of 2 MiB");
    std::byte* base = map(bytes);
    if (base != nullptr && misalignment(base) != 0) {
        unmapMemory(base, bytes);
        base = mapAligned(bytes);
    }
    if (base != nullptr && !leavesSpare()) {
        unmapMemory(base, bytes);
        return nullptr;
    }
    if (base != nullptr && pages == Pages::Huge) {
        // A hint: a kernel without huge pages refuses it, and nothing is lost.
        static_cast<void>(::madvise(base, bytes, MADV_HUGEPAGE));
    }
    return base;
}

void unmapMemory(std::byte* base, std::size_t bytes)
{
    CHECK(::munmap(base, bytes) == 0, "a mapping could not be given back");
}

} // namespace dubito::memory
