// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/memory/StairClimb.h"

#include <algorithm>

namespace dubito::memory {
namespace {

/// Rises that are no accident.
constexpr std::size_t kFewest = 6;

/// Rises within fewer steps than this may be one tooth of a saw; within more they are single events, each with a cause of
/// its own.
constexpr std::int64_t kShortest = 48;
constexpr std::int64_t kLongest = 512;

/// A rise that falls back within so many steps was a spike.
constexpr std::int64_t kSpike = 32;

/// No pause between two rises is longer than this share of the whole time, and no rise higher than this share of the whole
/// climb; what grows once and then settles fails one of them.
constexpr double kLongestPause = 0.6;
constexpr double kHighestRise = 0.6;

/// The second half of the rises climbs at least this share of an even climb.
constexpr double kLateShare = 0.25;

} // namespace

void StairClimb::add(double mb)
{
    ++m_step;
    if (m_step == 1 || (mb < m_top - m_portionMb && !fallsBackTo(mb))) {
        restart();
        m_step = 1;
        m_floor = mb;
        m_top = mb;
        return;
    }
    if (mb < m_floor + m_portionMb) {
        m_floor = std::min(m_floor, mb);
        m_top = std::max(m_top, mb);
        return;
    }
    push({ .step = m_step, .before = m_floor, .top = m_top, .mb = mb });
    m_floor = mb;
    m_top = mb;
}

/// Takes the last rise back when it was a spike, the first one.
bool StairClimb::fallsBackTo(double mb)
{
    if (m_hadSpike || m_count == 0) {
        return false;
    }
    const Rise& last = rise(m_count - 1);
    if (m_step - last.step > kSpike || mb < last.top - m_portionMb) {
        return false;
    }
    m_floor = last.before;
    m_top = last.top;
    m_hadSpike = true;
    --m_count;
    return true;
}

double StairClimb::score() const
{
    if (m_count < kFewest || !isEven()) {
        return 0;
    }
    const Rise& first = rise(0);
    const Rise& last = rise(m_count - 1);
    // The first rise ends a time that is not known: it counts for the level, its height does not.
    return (last.mb - first.mb) / static_cast<double>(last.step - first.step);
}

void StairClimb::restart()
{
    m_first = 0;
    m_count = 0;
    m_step = 0;
    m_hadSpike = false;
}

void StairClimb::push(const Rise& rise)
{
    if (m_count == m_rises.size()) {
        m_first = (m_first + 1) % m_rises.size();
        --m_count;
    }
    m_rises[(m_first + m_count++) % m_rises.size()] = rise;
}

bool StairClimb::isEven() const
{
    const Rise& first = rise(0);
    const Rise& last = rise(m_count - 1);
    const std::int64_t span = last.step - first.step;
    const double climb = last.mb - first.mb;
    if (span < kShortest || span > kLongest || climb <= kFewest * m_portionMb) {
        return false;
    }
    std::int64_t pause = m_step - last.step;
    double highest = 0;
    for (std::size_t i = 1; i < m_count; ++i) {
        pause = std::max(pause, rise(i).step - rise(i - 1).step);
        highest = std::max(highest, rise(i).mb - rise(i).before);
    }
    return static_cast<double>(pause) <= kLongestPause * static_cast<double>(span) && highest <= kHighestRise * climb
        && last.mb - rise(m_count / 2).mb >= kLateShare * climb;
}

} // namespace dubito::memory
