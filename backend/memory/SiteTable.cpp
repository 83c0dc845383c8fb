// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/memory/SiteTable.h"

#include <algorithm>
#include <string_view>

#include <fmt/format.h>

namespace dubito::memory {
namespace {

/// By address: the strings of a source_location are constants of the program.
std::size_t slotOf(const std::source_location& where, Category category, std::size_t slots)
{
    auto hash = static_cast<std::uint64_t>(reinterpret_cast<std::uintptr_t>(where.file_name()));
    hash ^= (static_cast<std::uint64_t>(where.line()) << 20) ^ (static_cast<std::uint64_t>(where.column()) << 44)
        ^ (static_cast<std::uint64_t>(category) << 8);
    hash *= 0x9e3779b97f4a7c15ULL;
    return static_cast<std::size_t>(hash >> 40) % slots;
}

bool isAt(const SiteUse& site, const std::source_location& where, Category category)
{
    return site.where.file_name() == where.file_name() && site.where.line() == where.line()
        && site.where.column() == where.column() && site.category == category;
}

/// The path from the root of the source tree, which is told by where this file lies. A compiler's cache may make one path
/// relative and leave another absolute.
std::string_view shortPath(std::string_view path)
{
    constexpr std::string_view kHere = "backend/memory/SiteTable.cpp";
    const std::string_view own = std::source_location::current().file_name();
    const std::string_view root = own.ends_with(kHere) ? own.substr(0, own.size() - kHere.size()) : "";
    path.remove_prefix(path.starts_with(root) ? root.size() : 0);
    while (path.starts_with("../")) {
        path.remove_prefix(3);
    }
    return path;
}

} // namespace

std::string SiteUse::toText() const
{
    if (where.line() == 0) {
        return fmt::format("elsewhere ({})", toWord(category));
    }
    return fmt::format("{}:{} ({})", shortPath(where.file_name()), where.line(), toWord(category));
}

SiteTable::SiteTable() : m_slots(kSlots, kEmpty)
{
    m_sites.reserve(kCapacity);
    // Row 0 takes what does not fit.
    m_sites.push_back(SiteUse { .where = std::source_location {} });
}

std::uint16_t SiteTable::add(const std::source_location& where, Category category, std::int64_t bytes)
{
    const std::uint16_t row = rowOf(where, category);
    m_sites[row].liveBytes += bytes;
    ++m_sites[row].liveCount;
    return row;
}

void SiteTable::remove(std::uint16_t row, std::int64_t bytes)
{
    m_sites[row].liveBytes -= bytes;
    --m_sites[row].liveCount;
}

std::uint16_t SiteTable::rowOf(const std::source_location& where, Category category)
{
    for (std::size_t slot = slotOf(where, category, kSlots);; slot = (slot + 1) % kSlots) {
        const std::uint16_t row = m_slots[slot];
        if (row != kEmpty && isAt(m_sites[row], where, category)) {
            return row;
        }
        if (row != kEmpty) {
            continue;
        }
        if (m_sites.size() == kCapacity) {
            return 0;
        }
        m_slots[slot] = static_cast<std::uint16_t>(m_sites.size());
        m_sites.push_back(SiteUse { .where = where, .category = category });
        return m_slots[slot];
    }
}

std::vector<SiteGrowth> rankGrowth(
    std::span<const SiteUse> before, std::span<const SiteUse> after, std::int64_t steps, std::size_t limit)
{
    std::vector<SiteGrowth> grown;
    for (std::size_t i = 0; i < after.size(); ++i) {
        const SiteUse earlier = i < before.size() ? before[i] : SiteUse {};
        const std::int64_t bytes = after[i].liveBytes - earlier.liveBytes;
        if (bytes <= 0) {
            continue;
        }
        const std::int64_t count = after[i].liveCount - earlier.liveCount;
        const double perStep = steps > 0 ? static_cast<double>(count) / static_cast<double>(steps) : 0.0;
        grown.push_back({ .site = after[i], .bytes = bytes, .count = count, .countPerStep = perStep });
    }
    std::ranges::stable_sort(grown, std::ranges::greater {}, &SiteGrowth::bytes);
    grown.resize(std::min(grown.size(), limit));
    return grown;
}

} // namespace dubito::memory
