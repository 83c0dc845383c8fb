// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace dubito::memory {

/// Sees a leak that comes in portions: a level that rises again and again and never falls back. Long before a slope has
/// an interval six such rises, evenly spread, are no accident. A part of LeakLadder; MiB throughout.
///
/// A rise or a fall is a change by `portionMb`. One rise may fall back soon, as a spike does; any other fall begins anew. A
/// loud stream falls all the time, so that nothing is ever said of it.
class StairClimb {
public:
    explicit StairClimb(double portionMb) : m_portionMb(portionMb) { }

    /// The sample of the next step.
    void add(double mb);

    /// MiB per step over the rises that are seen; 0 when there are too few, or when they have ended.
    double score() const;

    /// Begins anew.
    void restart();

private:
    struct Rise {
        std::int64_t step = 0;
        double before = 0; ///< lowest level since the rise before
        double top = 0; ///< and the highest
        double mb = 0; ///< the level that was reached
    };

    const Rise& rise(std::size_t index) const { return m_rises[(m_first + index) % m_rises.size()]; }
    void push(const Rise& rise);
    bool fallsBackTo(double mb);
    bool isEven() const;

    double m_portionMb;
    std::array<Rise, 8> m_rises {}; ///< a ring
    std::size_t m_first = 0;
    std::size_t m_count = 0;
    std::int64_t m_step = 0;
    double m_floor = 0; ///< lowest level since the last rise
    double m_top = 0; ///< and the highest
    bool m_hadSpike = false;
};

} // namespace dubito::memory
