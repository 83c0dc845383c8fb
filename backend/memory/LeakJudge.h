// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/base/TensorMemory.h"
#include "backend/memory/LeakLadder.h"
#include "backend/memory/LimitWatch.h"
#include "backend/memory/MemoryStatus.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace dubito::memory {

/// The streams that are judged: the categories in their order, then these.
enum class Stream : std::uint8_t { Cache = kCategoryCount, Untracked, Resident };

inline constexpr std::size_t kStreamCount = kCategoryCount + 3;

/// The levels of the two alarms, in MiB per step; live.
struct LeakLevels {
    double warnMbPerStep = 0.02; ///< memory.leak_warn_mb
    double actMbPerStep = 1.0; ///< training.memory_leak_threshold_mb
};

/// Weighs all streams of a run: is there a leak, is it certain, who is to blame, and how long is left?
///
/// One ladder per category, one for the pool's cache, for what is untracked, and for the anonymous resident set. Warn and
/// act are two independent alarms: either may hold without the other. Asked once per step at the same phase; a few
/// microseconds; fixed memory. It decides nothing about reloads: dueReload does. Not for two threads.
class LeakJudge {
public:
    explicit LeakJudge(const LeakLevels& levels);

    /// The step that has just ended. `bytesByCategory`: pool and tally together.
    LeakVerdict judge(const MemorySample& sample, const std::array<std::int64_t, kCategoryCount>& bytesByCategory,
        const LimitFacts& facts);

    bool warns() const { return m_warns; }
    bool acts() const { return m_acts; }

    /// Freed blocks may be kept up to `bytes`: in their stream only the excess counts, 0 for all of it. Another budget is a new
    /// beginning for that stream. (Histories are booked at their full size from the first step on: see Tally.)
    void declareCacheBudget(std::int64_t bytes);

    /// After a reload or another change of regime (batch, sequence length, phase): 100 steps of grace, latches open;
    /// what was learned about benign declines stays.
    void restart();

    void setLevels(const LeakLevels& levels);

private:
    using Estimates = std::array<LeakEstimate, kStreamCount>;

    Estimates estimates() const;
    std::vector<Growth> growths() const;
    std::size_t decidingStream() const;
    void addBlame(LeakVerdict& verdict) const;
    static double unexplained(const Estimates& estimates);
    std::array<double, kStreamCount> certainGrowth() const;
    std::array<double, kStreamCount> recentGrowth() const;
    std::string reasonOf(std::size_t stream, std::string_view urgent) const;

    LeakLevels m_levels;
    std::vector<LeakLadder> m_ladders; ///< kStreamCount of them
    double m_cacheBudgetMb = 0;
    LimitWatch m_limit;
    bool m_warns = false;
    bool m_acts = false;
    Decision m_decision = Decision::None;
    std::int64_t m_sinceStep = -1;
};

/// "weights" … "history", "cache", "untracked", "rss".
std::string_view streamWord(std::size_t stream);

} // namespace dubito::memory
