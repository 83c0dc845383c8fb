// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/memory/Mapping.h"
#include "backend/memory/PoolCounters.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace dubito::memory {

/// A mapping of the pool.
struct Region {
    std::byte* base = nullptr;
    std::size_t bytes = 0;
    std::uint64_t lastUse = 0; ///< number of the interval between two takeUnused() in which it was last in use
};

/// All mappings of a pool, and those of them that wait for reuse. Holds the two limits. One thread at a time.
class RegionCache {
public:
    explicit RegionCache(PoolLimits limits) : m_limits(limits) { }

    /// A region of at least `bytes`: a kept one at most an eighth larger, else a new one. Where the budget is short,
    /// kept regions go first. A base of nullptr: the budget or the machine refuses, and nothing was taken.
    Region take(std::size_t bytes, Pages pages);

    /// Keeps a region for reuse, or hands it back for unmapping where the cache limit would be passed.
    Region give(Region region);

    /// Empties the cache; the caller unmaps.
    std::vector<Region> takeAll();

    /// Takes out what was in use at no time since the last call; the caller unmaps.
    std::vector<Region> takeUnused();

    void setLimits(PoolLimits limits) { m_limits = limits; }
    const PoolLimits& limits() const { return m_limits; }

    std::int64_t mapped() const { return m_mapped; }
    std::int64_t cached() const { return m_cached; }
    std::uint64_t mapCalls() const { return m_mapCalls; }
    std::uint64_t unmapCalls() const { return m_unmapCalls; }

private:
    Region takeKept(std::size_t bytes);
    bool makeRoom(std::int64_t bytes);
    void forget(const Region& region);

    PoolLimits m_limits;
    std::vector<Region> m_kept; ///< by size; of one size the newest first
    std::int64_t m_mapped = 0;
    std::int64_t m_cached = 0;
    std::uint64_t m_interval = 1;
    std::uint64_t m_mapCalls = 0;
    std::uint64_t m_unmapCalls = 0;
};

} // namespace dubito::memory
