// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/memory/FastClimb.h"

#include <algorithm>
#include <limits>

namespace dubito::memory {
namespace {

constexpr double kNever = std::numeric_limits<double>::lowest();
constexpr std::int64_t kBlocksPerGroup = 16;

/// Blocks of history before the strict and the lenient rule may speak: 192 and 512 steps of four-step blocks.
constexpr std::int64_t kStrictFrom = 48;
constexpr std::int64_t kLenientFrom = 128;

constexpr double kStrictRise = 8;

/// A climb rises above the past by this share of what the stream wandered; by all of it where the stream is loud and well
/// known, unless it is steeper (MiB per step) than a cache that fills.
constexpr double kWanderShare = 0.5;
constexpr double kSteep = 8;
constexpr std::int64_t kWellKnown = 88;
constexpr double kLenientRise = 128;

/// How far the lenient rule lets a block sink, as a share of the whole climb.
constexpr double kSag = 0.02;

/// A single block with more than this share of the climb is a leap to a plateau (an evaluation), not growth.
constexpr double kLeap = 0.7;

/// Even growth makes up this share of the height above the past; what leapt there and wanders on a plateau does not.
constexpr double kOwnShare = 0.34;

} // namespace

void FastClimb::add(double minimum, double maximum, double envelope, Loudness loudness)
{
    if (m_count == kRecent) {
        remember(m_recent.front().maximum);
        std::shift_left(m_recent.begin(), m_recent.end(), 1);
        --m_count;
    }
    m_recent[m_count++] = { minimum, maximum };
    m_score = 0;
    const std::int64_t history = m_blocks + static_cast<std::int64_t>(m_count);
    if (m_count < kRecent || history < kStrictFrom) {
        return;
    }
    const double highest = highestBefore();
    const double wandered = std::max(highest - envelope, 0.0);
    const double spread = kWanderShare * wandered;
    if (minimum > highest + std::max(kStrictRise, spread)) {
        const bool isLoud = loudness == Loudness::Loud;
        const double slope = entirelyAbove(minimum - highest, isLoud ? m_climbs + 1 : m_climbs);
        const bool isFarAbove = history >= kWellKnown && minimum > highest + wandered;
        m_score = !isLoud || slope > kSteep || isFarAbove ? slope : 0;
    }
    if (history >= kLenientFrom && minimum > highest + std::max(kLenientRise, spread)) {
        m_score = std::max(m_score, neverFalling(minimum - highest));
    }
}

void FastClimb::restart()
{
    m_count = 0;
    m_blocks = 0;
    m_group = 0;
    m_score = 0;
}

void FastClimb::remember(double maximum)
{
    if (m_blocks % kBlocksPerGroup == 0) {
        m_group = m_blocks == 0 ? 0 : (m_group + 1) % kGroups;
        m_groups[m_group] = kNever;
    }
    m_groups[m_group] = std::max(m_groups[m_group], maximum);
    ++m_blocks;
}

double FastClimb::highestBefore() const
{
    const auto groups = static_cast<std::size_t>((m_blocks + kBlocksPerGroup - 1) / kBlocksPerGroup);
    const std::size_t used = std::min(groups, kGroups);
    return *std::max_element(m_groups.begin(), m_groups.begin() + static_cast<std::ptrdiff_t>(used));
}

/// The smallest increment of some blocks in a row of which each stands entirely above the one before.
double FastClimb::entirelyAbove(double above, int needed) const
{
    int climbs = 0;
    double smallest = std::numeric_limits<double>::max();
    double best = 0;
    for (std::size_t i = 1; i < kRecent; ++i) {
        if (m_recent[i].minimum <= m_recent[i - 1].maximum) {
            climbs = 0;
            smallest = std::numeric_limits<double>::max();
            continue;
        }
        ++climbs;
        smallest = std::min(smallest, m_recent[i].minimum - m_recent[i - 1].minimum);
        if (climbs >= needed && climbs * smallest >= kOwnShare * above) {
            best = std::max(best, smallest);
        }
    }
    return best / static_cast<double>(m_blockSteps);
}

/// The mean slope of minima that do not fall, for growth in bursts.
double FastClimb::neverFalling(double above) const
{
    const double climb = m_recent.back().minimum - m_recent.front().minimum;
    if (climb < kOwnShare * above) {
        return 0;
    }
    int climbs = 0;
    for (std::size_t i = 1; i < kRecent; ++i) {
        const double step = m_recent[i].minimum - m_recent[i - 1].minimum;
        if (step < -kSag * climb || step > kLeap * climb) {
            return 0;
        }
        climbs += step > 0 ? 1 : 0;
    }
    const auto steps = static_cast<double>((kRecent - 1) * static_cast<std::size_t>(m_blockSteps));
    return climbs >= 2 ? std::max(climb, 0.0) / steps : 0;
}

} // namespace dubito::memory
