// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace dubito::memory {

/// Does the floor of the stream wander by tens of MiB without a leak?
enum class Loudness : std::uint8_t { Quiet, Loud };

/// Sees runaway growth within a few blocks of steps, long before a slope has an interval: blocks that stand entirely
/// above each other and far above everything of the last thousand steps. A part of LeakLadder; MiB throughout.
class FastClimb {
public:
    FastClimb(std::int64_t blockSteps, int climbs) : m_blockSteps(blockSteps), m_climbs(climbs) { }

    /// The next block; `envelope` is the level of the floor one short window ago. In a loud stream more is asked for.
    void add(double minimum, double maximum, double envelope, Loudness loudness);

    /// MiB per step of the growth that is seen right now; 0 when there is none.
    double score() const { return m_score; }

    void restart();

private:
    static constexpr std::size_t kRecent = 5;
    static constexpr std::size_t kGroups = 16; ///< of 16 blocks each: 1,024 steps when a block has four

    struct Extent {
        double minimum = 0;
        double maximum = 0;
    };

    void remember(double maximum);
    double highestBefore() const;
    double entirelyAbove(double above, int needed) const;
    double neverFalling(double above) const;

    std::int64_t m_blockSteps;
    int m_climbs;
    std::array<Extent, kRecent> m_recent {}; ///< oldest first
    std::size_t m_count = 0;
    std::array<double, kGroups> m_groups {}; ///< maxima of 16 blocks, a ring
    std::size_t m_group = 0;
    std::int64_t m_blocks = 0; ///< blocks that are remembered, ever
    double m_score = 0;
};

} // namespace dubito::memory
