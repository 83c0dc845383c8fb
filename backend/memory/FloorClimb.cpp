// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/memory/FloorClimb.h"

#include <algorithm>
#include <span>

namespace dubito::memory {
namespace {

/// Blocks within which a climb is looked for, the shortest first.
constexpr std::array<std::size_t, 4> kSpans { 12, 20, 32, 48 };

/// Floors before the climb that must be known.
constexpr std::size_t kKnown = 48;

/// A climb lasts at least so many blocks, and is so high as a share of what the floor used to wander.
constexpr std::size_t kShortest = 8;
constexpr double kHeightShare = 0.5;

/// The second half of a climb is at least so steep against the first, and the first against the second.
constexpr double kSlowing = 0.7;
constexpr double kHurrying = 0.4;

/// Each quarter of a climb makes up at least this share of an even one: leaps to a plateau are no growth.
constexpr double kQuarterShare = 0.2;

/// Floors older than the recent ones that must be known before the stream can be called quiet.
constexpr std::int64_t kTelling = 24;

bool isEven(std::span<const double> climb)
{
    const std::size_t length = climb.size() - 1;
    const auto slope = [&](std::size_t from, std::size_t to) {
        return (climb[to] - climb[from]) / static_cast<double>(to - from);
    };
    const double first = slope(0, length / 2);
    const double second = slope(length / 2, length);
    if (second < kSlowing * first || first < kHurrying * second) {
        return false;
    }
    const double whole = slope(0, length);
    for (std::size_t quarter = 0; quarter < 4; ++quarter) {
        if (slope(length * quarter / 4, length * (quarter + 1) / 4) < kQuarterShare * whole) {
            return false;
        }
    }
    return true;
}

} // namespace

void FloorClimb::add(double minimum)
{
    if (m_climbMb <= 0) {
        return;
    }
    m_minima[static_cast<std::size_t>(m_blocks) % kFloorBlocks] = minimum;
    ++m_blocks;
    push(floorNow());
    m_slope = 0;
    for (const std::size_t span : kSpans) {
        m_slope = std::max(m_slope, slopeOver(span));
    }
    m_inRow = m_slope > 0 ? m_inRow + 1 : 0;
}

std::optional<double> FloorClimb::wanderedBefore() const
{
    if (m_old < kTelling) {
        return std::nullopt;
    }
    const Extent all = wandered(0);
    return all.highest - all.lowest;
}

void FloorClimb::restart() { *this = FloorClimb(m_blockSteps, m_climbMb); }

double FloorClimb::floorNow() const
{
    const auto used = std::min(static_cast<std::size_t>(m_blocks), kFloorBlocks);
    return *std::min_element(m_minima.begin(), m_minima.begin() + static_cast<std::ptrdiff_t>(used));
}

void FloorClimb::push(double floor)
{
    if (m_count == kRecent) {
        const double oldest = m_floors.front();
        const auto place = static_cast<std::size_t>(m_old) / kPerGroup % kGroups;
        Extent& group = m_groups[place];
        const bool isFirst = static_cast<std::size_t>(m_old) % kPerGroup == 0;
        group = isFirst ? Extent { oldest, oldest } : Extent { std::min(group.lowest, oldest), std::max(group.highest, oldest) };
        ++m_old;
        std::shift_left(m_floors.begin(), m_floors.end(), 1);
        --m_count;
    }
    m_floors[m_count++] = floor;
}

/// The extent of all floors but the newest ones; the first `recentFloors` of the recent ones belong to it.
FloorClimb::Extent FloorClimb::wandered(std::size_t recentFloors) const
{
    Extent all { m_old > 0 ? m_groups[0].lowest : m_floors[0], m_old > 0 ? m_groups[0].highest : m_floors[0] };
    for (std::size_t i = 0; i < recentFloors; ++i) {
        all.lowest = std::min(all.lowest, m_floors[i]);
        all.highest = std::max(all.highest, m_floors[i]);
    }
    const std::size_t groups = std::min((static_cast<std::size_t>(m_old) + kPerGroup - 1) / kPerGroup, kGroups);
    for (std::size_t i = 0; i < groups; ++i) {
        all.lowest = std::min(all.lowest, m_groups[i].lowest);
        all.highest = std::max(all.highest, m_groups[i].highest);
    }
    return all;
}

/// The climb within the newest `blocks` blocks; 0 when there is none that counts.
double FloorClimb::slopeOver(std::size_t blocks) const
{
    if (static_cast<std::size_t>(m_old) + m_count < blocks + kKnown) {
        return 0;
    }
    const std::size_t now = m_count - 1;
    const Extent before = wandered(m_count - blocks);
    const double climb = m_floors[now] - before.highest;
    if (climb < std::max(m_climbMb, kHeightShare * (before.highest - before.lowest))) {
        return 0;
    }
    std::size_t start = now;
    while (start > now - blocks && m_floors[start] > before.highest) {
        --start;
    }
    const std::size_t length = now - start;
    if (length < kShortest) {
        return 0;
    }
    return isEven(std::span<const double>(m_floors).subspan(start, length + 1)) ? climb / static_cast<double>(length) / static_cast<double>(m_blockSteps) : 0;
}

} // namespace dubito::memory
