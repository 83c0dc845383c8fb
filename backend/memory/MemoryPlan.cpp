// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/memory/MemoryPlan.h"

namespace dubito::memory {

std::array<std::int64_t, kCategoryCount> MemoryPlan::byCategory() const
{
    std::array<std::int64_t, kCategoryCount> bytes {};
    for (const Row& row : rows) {
        bytes[toIndex(row.category)] += row.bytes;
    }
    return bytes;
}

std::int64_t MemoryPlan::tensorBytes() const
{
    std::int64_t sum = 0;
    for (const Row& row : rows) {
        sum += row.bytes;
    }
    return sum;
}

} // namespace dubito::memory
