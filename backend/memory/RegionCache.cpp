// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/memory/RegionCache.h"

#include <algorithm>
#include <utility>

namespace dubito::memory {

Region RegionCache::take(std::size_t bytes, Pages pages)
{
    if (Region kept = takeKept(bytes); kept.base != nullptr) {
        kept.lastUse = m_interval;
        return kept;
    }
    const auto wanted = static_cast<std::int64_t>(bytes);
    if (!makeRoom(wanted)) {
        return {};
    }
    std::byte* base = mapMemory(bytes, pages);
    if (base == nullptr) {
        for (const Region& region : takeAll()) {
            unmapMemory(region.base, region.bytes);
        }
        base = mapMemory(bytes, pages);
    }
    if (base == nullptr) {
        return {};
    }
    ++m_mapCalls;
    m_mapped += wanted;
    return { .base = base, .bytes = bytes, .lastUse = m_interval };
}

Region RegionCache::give(Region region)
{
    const auto bytes = static_cast<std::int64_t>(region.bytes);
    const bool isOverCache = m_limits.cacheBytes > 0 && m_cached + bytes > m_limits.cacheBytes;
    const bool isOverBudget = m_limits.budgetBytes > 0 && m_mapped > m_limits.budgetBytes;
    if (isOverCache || isOverBudget) {
        m_mapped -= bytes;
        ++m_unmapCalls;
        return region;
    }
    region.lastUse = m_interval;
    m_kept.insert(std::ranges::lower_bound(m_kept, region.bytes, {}, &Region::bytes), region);
    m_cached += bytes;
    return {};
}

std::vector<Region> RegionCache::takeAll()
{
    std::vector<Region> all(m_kept.begin(), m_kept.end());
    std::ranges::for_each(all, [this](const Region& region) { forget(region); });
    m_kept.clear();
    return all;
}

std::vector<Region> RegionCache::takeUnused()
{
    std::vector<Region> unused;
    std::ranges::copy_if(
        m_kept, std::back_inserter(unused), [this](const Region& region) { return region.lastUse < m_interval; });
    std::erase_if(m_kept, [this](const Region& region) { return region.lastUse < m_interval; });
    std::ranges::for_each(unused, [this](const Region& region) { forget(region); });
    ++m_interval;
    return unused;
}

Region RegionCache::takeKept(std::size_t bytes)
{
    const auto found = std::ranges::lower_bound(m_kept, bytes, {}, &Region::bytes);
    if (found == m_kept.end() || found->bytes > bytes + bytes / 8) {
        return {};
    }
    const Region region = *found;
    m_kept.erase(found);
    m_cached -= static_cast<std::int64_t>(region.bytes);
    return region;
}

/// Unmaps the kept regions that were used longest ago until the budget has room; keeps all of them where even that
/// would not help.
bool RegionCache::makeRoom(std::int64_t bytes)
{
    if (m_limits.budgetBytes <= 0) {
        return true;
    }
    if (m_mapped - m_cached + bytes > m_limits.budgetBytes) {
        return false;
    }
    while (m_mapped + bytes > m_limits.budgetBytes) {
        const auto oldest = std::ranges::min_element(m_kept, {}, &Region::lastUse);
        const Region region = *oldest;
        m_kept.erase(oldest);
        forget(region);
        unmapMemory(region.base, region.bytes);
    }
    return true;
}

void RegionCache::forget(const Region& region)
{
    const auto bytes = static_cast<std::int64_t>(region.bytes);
    m_cached -= bytes;
    m_mapped -= bytes;
    ++m_unmapCalls;
}

} // namespace dubito::memory
