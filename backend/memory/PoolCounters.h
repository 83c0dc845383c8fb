// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/base/TensorMemory.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace dubito::memory {

/// What a TensorPool may hold; 0 = no limit.
struct PoolLimits {
    std::int64_t budgetBytes = 0; ///< mapped bytes; an allocation that would pass them is refused before it happens
    std::int64_t cacheBytes = 0; ///< freed memory kept for reuse
};

/// A TensorPool in numbers, exact, of one moment. Always: active + cache + slack = mapped.
struct PoolCounters {
    std::int64_t active = 0; ///< bytes of live blocks, as asked for
    std::int64_t peak = 0; ///< the highest `active` since the last resetPeak()
    std::int64_t cache = 0; ///< mapped, held for reuse, no live block in it
    std::int64_t slack = 0; ///< mapped beside live blocks: rounding and free places in slabs
    std::int64_t mapped = 0; ///< taken from the machine

    std::array<std::int64_t, kCategoryCount> bytes {}; ///< live bytes by category
    std::array<std::int64_t, kCategoryCount> count {}; ///< live blocks by category
    std::array<std::int64_t, kCategoryCount> peakBytes {}; ///< each category's own highest since resetPeak()

    std::uint64_t mapCalls = 0; ///< how often memory was asked of the machine; constant in the steady state
    std::uint64_t unmapCalls = 0;
    std::uint64_t refused = 0; ///< allocations that the budget or the machine refused
    std::uint32_t generation = 0;
};

/// Live blocks that are older than a reload: each one is a leak by definition.
struct OldBlocks {
    /// All that one line of the program still holds.
    struct Row {
        std::string site;
        Category category = Category::Weights;
        std::uint32_t generation = 0; ///< of the oldest
        std::int64_t bytes = 0;
        std::int64_t count = 0;
    };

    std::int64_t count = 0;
    std::int64_t bytes = 0;
    std::vector<Row> largest; ///< at most 32, most bytes first
};

} // namespace dubito::memory
