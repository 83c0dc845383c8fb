// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/memory/PoolState.h"

#include "backend/base/Check.h"

#include <algorithm>
#include <cstring>
#include <limits>
#include <map>
#include <utility>

namespace dubito::memory {
namespace {

/// Long-lived and short-lived blocks never share a slab: a few survivors would pin the whole of it.
std::uint32_t lifetimeOf(Category category)
{
    return category == Category::Gradients || category == Category::Activations ? 1 : 0;
}

} // namespace

PoolState::PoolState(PoolLimits limits) : m_regions(limits) { m_open.fill(kNone); }

PoolState::Placed PoolState::place(std::size_t bytes, Category category, const std::source_location& site)
{
    const auto asked = static_cast<std::int64_t>(bytes);
    const std::int64_t budget = limits().budgetBytes;
    const bool fitsBudget = budget <= 0 || m_counters.active + asked <= budget;
    const std::uint32_t number = takeRow();
    Row& row = m_rows[number];
    row.category = category;
    row.bytes = asked;
    if (!fitsBudget || !(bytes >= kLargeBytes ? placeLarge(row) : placeSmall(row, bytes))) {
        row.nextFree = m_firstFreeRow;
        m_firstFreeRow = number;
        ++m_counters.refused;
        return {};
    }
    row.generation = m_counters.generation;
    row.isLive = true;
    row.site = m_sites.add(site, category, asked);
    count(row, 1);
    return { .data = row.data, .row = number };
}

Region PoolState::release(std::uint32_t number)
{
    CHECK(number < m_rows.size() && m_rows[number].isLive, "a block was given back twice");
    Row& row = m_rows[number];
    count(row, -1);
    m_sites.remove(row.site, row.bytes);
    const Region toUnmap = row.slab == kNone ? m_regions.give(row.region) : giveSlot(row);
    row.isLive = false;
    row.nextFree = m_firstFreeRow;
    m_firstFreeRow = number;
    return toUnmap;
}

void PoolState::setLimits(PoolLimits limits) { m_regions.setLimits(limits); }

void PoolState::resetPeak()
{
    m_counters.peak = m_counters.active;
    m_counters.peakBytes = m_counters.bytes;
}

std::int64_t PoolState::beginWatch() { return std::exchange(m_watched, m_counters.active); }

std::int64_t PoolState::endWatch(std::int64_t outer)
{
    return std::exchange(m_watched, std::max(outer, m_watched));
}

PoolCounters PoolState::counters() const
{
    PoolCounters counters = m_counters;
    counters.cache = m_regions.cached();
    counters.mapped = m_regions.mapped();
    counters.slack = counters.mapped - counters.cache - counters.active;
    counters.mapCalls = m_regions.mapCalls();
    counters.unmapCalls = m_regions.unmapCalls();
    return counters;
}

void PoolState::keepLiveBlocks()
{
    for (Row& row : m_rows) {
        row.generation = row.isLive ? std::numeric_limits<std::uint32_t>::max() : row.generation;
    }
}

OldBlocks PoolState::blocksBefore(std::uint32_t generation) const
{
    OldBlocks old;
    std::map<std::uint16_t, OldBlocks::Row> bySite;
    for (const Row& row : m_rows) {
        if (!row.isLive || row.generation >= generation) {
            continue;
        }
        ++old.count;
        old.bytes += row.bytes;
        auto [place, isNew] = bySite.try_emplace(row.site);
        OldBlocks::Row& held = place->second;
        if (isNew) {
            held = { .site = m_sites.at(row.site).toText(), .category = row.category, .generation = row.generation };
        }
        held.generation = std::min(held.generation, row.generation);
        held.bytes += row.bytes;
        ++held.count;
    }
    for (auto& [site, held] : bySite) {
        old.largest.push_back(std::move(held));
    }
    std::ranges::stable_sort(old.largest, std::ranges::greater {}, &OldBlocks::Row::bytes);
    old.largest.resize(std::min(old.largest.size(), std::size_t { 32 }));
    return old;
}

bool PoolState::placeLarge(Row& row)
{
    row.slab = kNone;
    row.region = m_regions.take(roundedToRegion(static_cast<std::size_t>(row.bytes)), Pages::Huge);
    row.data = row.region.base;
    return row.data != nullptr;
}

bool PoolState::placeSmall(Row& row, std::size_t bytes)
{
    const std::size_t sizeClass = sizeClassOf(bytes);
    const auto list = static_cast<std::uint32_t>(2 * sizeClass) + lifetimeOf(row.category);
    row.slab = m_open[list] != kNone ? m_open[list] : openSlab(list, bytesOfClass(sizeClass));
    if (row.slab == kNone) {
        return false;
    }
    Slab& slab = m_slabs[row.slab];
    row.data = takeSlot(slab);
    if (slab.used == slab.slots) {
        unlink(row.slab);
    }
    return true;
}

std::uint32_t PoolState::openSlab(std::uint32_t list, std::size_t slotBytes)
{
    const Region region = m_regions.take(kRegionBytes, Pages::Small);
    if (region.base == nullptr) {
        return kNone;
    }
    std::uint32_t number = m_firstFreeSlab;
    if (number == kNone) {
        number = static_cast<std::uint32_t>(m_slabs.size());
        m_slabs.emplace_back();
    } else {
        m_firstFreeSlab = m_slabs[number].next;
    }
    m_slabs[number] = Slab { .region = region, .list = list, .slots = static_cast<std::uint32_t>(kRegionBytes / slotBytes) };
    link(number);
    return number;
}

std::byte* PoolState::takeSlot(Slab& slab)
{
    const std::size_t slotBytes = bytesOfClass(slab.list / 2);
    ++slab.used;
    if (slab.firstFree == kNone) {
        return slab.region.base + slotBytes * slab.fresh++;
    }
    std::byte* const slot = slab.region.base + slotBytes * slab.firstFree;
    std::memcpy(&slab.firstFree, slot, sizeof slab.firstFree);
    CHECK(slab.firstFree == kNone || slab.firstFree < slab.slots, "a freed block was written to");
    return slot;
}

Region PoolState::giveSlot(Row& row)
{
    Slab& slab = m_slabs[row.slab];
    const std::size_t slotBytes = bytesOfClass(slab.list / 2);
    std::memcpy(row.data, &slab.firstFree, sizeof slab.firstFree);
    slab.firstFree = static_cast<std::uint32_t>(static_cast<std::size_t>(row.data - slab.region.base) / slotBytes);
    if (slab.used == slab.slots) {
        link(row.slab);
    }
    --slab.used;
    if (slab.used > 0) {
        return {};
    }
    unlink(row.slab);
    slab.next = m_firstFreeSlab;
    m_firstFreeSlab = row.slab;
    return m_regions.give(slab.region);
}

void PoolState::link(std::uint32_t number)
{
    Slab& slab = m_slabs[number];
    slab.previous = kNone;
    slab.next = m_open[slab.list];
    if (slab.next != kNone) {
        m_slabs[slab.next].previous = number;
    }
    m_open[slab.list] = number;
}

void PoolState::unlink(std::uint32_t number)
{
    const Slab& slab = m_slabs[number];
    (slab.previous == kNone ? m_open[slab.list] : m_slabs[slab.previous].next) = slab.next;
    if (slab.next != kNone) {
        m_slabs[slab.next].previous = slab.previous;
    }
}

std::uint32_t PoolState::takeRow()
{
    if (m_firstFreeRow == kNone) {
        m_rows.emplace_back();
        return static_cast<std::uint32_t>(m_rows.size() - 1);
    }
    const std::uint32_t number = m_firstFreeRow;
    m_firstFreeRow = m_rows[number].nextFree;
    return number;
}

void PoolState::count(const Row& row, std::int64_t sign)
{
    const std::size_t category = toIndex(row.category);
    m_counters.active += sign * row.bytes;
    m_counters.bytes[category] += sign * row.bytes;
    m_counters.count[category] += sign;
    m_counters.peak = std::max(m_counters.peak, m_counters.active);
    m_watched = std::max(m_watched, m_counters.active);
    m_counters.peakBytes[category] = std::max(m_counters.peakBytes[category], m_counters.bytes[category]);
}

} // namespace dubito::memory
