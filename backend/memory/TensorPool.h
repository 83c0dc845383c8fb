// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/base/Guarded.h"
#include "backend/base/TensorMemory.h"
#include "backend/memory/PoolCounters.h"
#include "backend/memory/PoolState.h"
#include "backend/memory/SiteTable.h"

#include <cstddef>
#include <cstdint>
#include <source_location>
#include <vector>

namespace dubito::memory {

/// Where all tensors come from: a caching allocator that knows what every byte is for, in MLX's words.
///
/// From 1 MiB up a block has a mapping of its own, rounded to 2 MiB, so that what is freed and not kept leaves the
/// resident set at once; below, blocks share 2 MiB slabs by size class and lifetime. Freed memory is kept for reuse up to
/// the cache limit. A budget refuses an allocation before anything is taken. Any thread. Outlives its blocks.
///
/// It counts and never judges: LeakJudge does, from counters().
class TensorPool final : public TensorMemory {
public:
    explicit TensorPool(PoolLimits limits = {});
    ~TensorPool() override;

    TensorPool(const TensorPool&) = delete;
    TensorPool& operator=(const TensorPool&) = delete;

    Result<Block> allocate(std::size_t bytes, Category category,
        std::source_location site = std::source_location::current()) override;

    std::int64_t active() const { return counters().active; }
    std::int64_t peak() const { return counters().peak; }
    std::int64_t cache() const { return counters().cache; }
    void resetPeak();

    /// For MemoryScope: from now on the peak is watched anew; what it was so far must be given to endWatch(), which
    /// answers the peak since the matching beginWatch(). Watches nest and belong to one thread.
    std::int64_t beginWatch();
    std::int64_t endWatch(std::int64_t outer);

    /// All numbers of one moment; under a microsecond.
    PoolCounters counters() const;

    PoolLimits limits() const;
    /// In force at once: a cache over its new limit is emptied.
    void setLimits(PoolLimits limits);

    /// Unmaps everything that is kept for reuse. The answer is the bytes given back.
    std::int64_t clearCache();

    /// Unmaps what was kept unused since the last call: free of cost in the steady state. The answer is the bytes given
    /// back. Call every training.periodic_cache_clear_interval steps.
    std::int64_t trimUnused();

    /// Live bytes and blocks by call site: take one on a warning, one later, and ask rankGrowth().
    std::vector<SiteUse> sites() const;

    /// From now on blocks belong to a new generation; the answer is its number. Call at each reload.
    std::uint32_t beginGeneration();

    /// The blocks that are live now belong to no generation: they are meant to outlive every reload.
    void keepLiveBlocks();

    /// Live blocks of generations before `generation`.
    OldBlocks blocksBefore(std::uint32_t generation) const;

private:
    void release(Block& block) noexcept override;

    Guarded<PoolState> m_state;
};

} // namespace dubito::memory
