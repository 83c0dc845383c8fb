// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/memory/CacheTuner.h"

#include "backend/base/Text.h"

#include <algorithm>

#include <fmt/format.h>

namespace dubito::memory {
namespace {

constexpr std::int64_t kWindow = 50;
constexpr std::int64_t kGrain = 16 * kMiB;

/// An evaluation maps what it needs once; only more than this in a window is a cache that is too small.
constexpr std::uint64_t kManyMapCalls = 25;

std::int64_t roundedUp(std::int64_t bytes) { return (bytes + kGrain - 1) / kGrain * kGrain; }

} // namespace

std::optional<CacheTuner::Choice> CacheTuner::look(const PoolCounters& pool)
{
    if (m_steps == 0) {
        m_mapCallsBefore = pool.mapCalls;
    }
    m_most = std::max(m_most, pool.cache);
    if (++m_steps < kWindow) {
        return std::nullopt;
    }
    const std::uint64_t mapCalls = pool.mapCalls - m_mapCallsBefore;
    const std::int64_t most = m_most;
    m_steps = 0;
    m_most = 0;
    const bool isFull = m_limit > 0 && most >= m_limit / 10 * 9;
    if (isFull && mapCalls > kManyMapCalls) {
        m_limit = roundedUp(m_limit + m_limit / 2);
        return Choice { m_limit,
            fmt::format("{}: half as much again, because memory was mapped {} times in {} steps with a full cache",
                bytesToText(m_limit), mapCalls, kWindow) };
    }
    const std::int64_t wanted = roundedUp(std::max(kGrain, most + most / 4));
    if (m_limit > 0 && wanted > m_limit / 4 * 3) {
        return std::nullopt;
    }
    m_limit = wanted;
    return Choice { m_limit,
        fmt::format("{}: a quarter above the {} that the last {} steps kept for reuse", bytesToText(m_limit),
            bytesToText(most), kWindow) };
}

} // namespace dubito::memory
