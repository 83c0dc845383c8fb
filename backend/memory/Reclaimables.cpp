// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/memory/Reclaimables.h"

#include "backend/base/Check.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace dubito::memory {

std::size_t Reclaimables::add(Reclaimable cache)
{
    constexpr std::size_t kMost = 64;
    CHECK(m_entries.size() < kMost, "more than 64 caches were registered: one of them is registered again and again");
    const auto after = std::ranges::upper_bound(
        m_entries, cache.priority, {}, [](const Entry& entry) { return entry.cache.priority; });
    m_entries.insert(after, { .number = m_next, .cache = std::move(cache) });
    return m_next++;
}

void Reclaimables::remove(std::size_t number)
{
    std::erase_if(m_entries, [number](const Entry& entry) { return entry.number == number; });
}

std::int64_t Reclaimables::bytes() const
{
    std::int64_t sum = 0;
    for (const Entry& entry : m_entries) {
        sum += entry.cache.bytes();
    }
    return sum;
}

Reclaimed Reclaimables::reclaim(std::int64_t wanted)
{
    Reclaimed reclaimed;
    for (const Entry& entry : m_entries) {
        if (reclaimed.bytes >= wanted) {
            break;
        }
        if (entry.cache.bytes() > 0) {
            reclaimed.bytes += entry.cache.drop();
            reclaimed.names.push_back(entry.cache.name);
        }
    }
    return reclaimed;
}

Reclaimed Reclaimables::reclaimAll() { return reclaim(std::numeric_limits<std::int64_t>::max()); }

std::optional<Reclaimed> Reclaimables::obey()
{
    if (!m_isRequested.exchange(false, std::memory_order_acq_rel)) {
        return std::nullopt;
    }
    return reclaimAll();
}

} // namespace dubito::memory
