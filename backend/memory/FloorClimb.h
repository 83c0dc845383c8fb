// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace dubito::memory {

/// Sees growth that has carried the floor of a loud stream far above every floor of the last thousand steps: quicker
/// than a slope with an interval, and not fooled by spikes, teeth and caches that fill. A part of LeakLadder; MiB.
///
/// The floor is the minimum of eight blocks. A climb counts when it is higher than `climbMb` and than half of what the
/// floor used to wander, and when it is even: a cache that fills slows down, and a plateau is leapt to.
class FloorClimb {
public:
    /// `climbMb` 0: says nothing ever.
    FloorClimb(std::int64_t blockSteps, double climbMb) : m_blockSteps(blockSteps), m_climbMb(climbMb) { }

    /// The minimum of the next block.
    void add(double minimum);

    /// MiB per step of the climb that has been seen for four blocks in a row; 0 when there is none.
    double score() const { return m_inRow >= kHold ? m_slope : 0; }

    /// How far the floor wandered before the newest 64 blocks; nothing is known before 24 more.
    std::optional<double> wanderedBefore() const;

    void restart();

private:
    static constexpr int kHold = 4;
    static constexpr std::size_t kFloorBlocks = 8;
    static constexpr std::size_t kRecent = 64; ///< floors in which a climb is looked for
    static constexpr std::size_t kPerGroup = 16;
    static constexpr std::size_t kGroups = 16; ///< of older floors

    struct Extent {
        double lowest = 0;
        double highest = 0;
    };

    double floorNow() const;
    void push(double floor);
    double slopeOver(std::size_t blocks) const;
    Extent wandered(std::size_t recentFloors) const;

    std::int64_t m_blockSteps;
    double m_climbMb;
    std::array<double, kFloorBlocks> m_minima {}; ///< a ring
    std::int64_t m_blocks = 0;
    std::array<double, kRecent> m_floors {}; ///< oldest first
    std::size_t m_count = 0;
    std::array<Extent, kGroups> m_groups {}; ///< a ring
    std::int64_t m_old = 0; ///< floors that have gone into groups, ever
    double m_slope = 0;
    int m_inRow = 0;
};

} // namespace dubito::memory
