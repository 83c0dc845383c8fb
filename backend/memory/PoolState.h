// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/memory/PoolCounters.h"
#include "backend/memory/RegionCache.h"
#include "backend/memory/SiteTable.h"
#include "backend/memory/SizeClass.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <source_location>
#include <vector>

namespace dubito::memory {

/// The bookkeeping of a TensorPool: blocks, slabs, categories, sites. One thread at a time; the pool's lock sees to it.
///
/// A block is large (a region of its own) or small (a place in a slab: a 2 MiB region of one size class and one
/// lifetime). Each has a row here, whose number is the block's tag. Rows are reused; nothing is allocated once the number
/// of live blocks has been seen before.
class PoolState {
public:
    explicit PoolState(PoolLimits limits);

    struct Placed {
        std::byte* data = nullptr; ///< nullptr: refused, and nothing has changed
        std::uint32_t row = 0;
    };

    Placed place(std::size_t bytes, Category category, const std::source_location& site);

    /// Frees a block. The answer is what must now be unmapped by the caller; its base is nullptr when nothing must.
    Region release(std::uint32_t row);

    /// The regions to unmap, outside the lock.
    std::vector<Region> takeCache() { return m_regions.takeAll(); }
    std::vector<Region> takeUnused() { return m_regions.takeUnused(); }

    void setLimits(PoolLimits limits);
    const PoolLimits& limits() const { return m_regions.limits(); }
    void resetPeak();
    std::int64_t beginWatch();
    std::int64_t endWatch(std::int64_t outer);
    void keepLiveBlocks();
    std::uint32_t beginGeneration() { return ++m_counters.generation; }

    PoolCounters counters() const;
    std::vector<SiteUse> sites() const { return m_sites.snapshot(); }
    OldBlocks blocksBefore(std::uint32_t generation) const;

private:
    static constexpr std::uint32_t kNone = 0xffffffff;

    /// A live block, or a free row.
    struct Row {
        std::byte* data = nullptr;
        std::int64_t bytes = 0;
        std::uint32_t slab = kNone; ///< kNone: the block owns `region`
        std::uint32_t generation = 0;
        std::uint32_t nextFree = kNone;
        std::uint16_t site = 0;
        Category category = Category::Weights;
        bool isLive = false;
        Region region; ///< of a large block
    };

    struct Slab {
        Region region;
        std::uint32_t list = 0; ///< size class and lifetime
        std::uint32_t slots = 0;
        std::uint32_t used = 0;
        std::uint32_t fresh = 0; ///< slots from here on were never used
        std::uint32_t firstFree = kNone; ///< the free slots, each holding the number of the next
        std::uint32_t previous = kNone;
        std::uint32_t next = kNone;
    };

    bool placeLarge(Row& row);
    bool placeSmall(Row& row, std::size_t bytes);
    std::uint32_t openSlab(std::uint32_t list, std::size_t slotBytes);
    std::byte* takeSlot(Slab& slab);
    Region giveSlot(Row& row);
    void link(std::uint32_t slab);
    void unlink(std::uint32_t slab);
    std::uint32_t takeRow();
    void count(const Row& row, std::int64_t sign);

    RegionCache m_regions;
    SiteTable m_sites;
    std::vector<Row> m_rows;
    std::uint32_t m_firstFreeRow = kNone;
    std::vector<Slab> m_slabs;
    std::uint32_t m_firstFreeSlab = kNone;
    std::array<std::uint32_t, 2 * kSizeClassCount> m_open; ///< slabs with a free slot, by list
    std::int64_t m_watched = 0; ///< the highest active bytes since the innermost watch began
    PoolCounters m_counters; ///< cache, slack and mapped are filled in by counters()
};

} // namespace dubito::memory
