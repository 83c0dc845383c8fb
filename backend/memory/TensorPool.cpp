// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/memory/TensorPool.h"

#include "backend/base/Check.h"
#include "backend/base/Text.h"
#include "backend/memory/Mapping.h"

#include <span>

#include <fmt/format.h>

namespace dubito::memory {
namespace {

/// More than any address space holds; sizes beyond it come from broken files.
constexpr std::size_t kAbsurdBytes = std::size_t { 1 } << 46;

std::int64_t unmapAll(std::span<const Region> regions)
{
    std::int64_t bytes = 0;
    for (const Region& region : regions) {
        unmapMemory(region.base, region.bytes);
        bytes += static_cast<std::int64_t>(region.bytes);
    }
    return bytes;
}

Error refusal(std::size_t bytes, Category category, const PoolCounters& now, const PoolLimits& limits)
{
    const std::string wanted = bytes >= kAbsurdBytes ? fmt::format("{} bytes", bytes)
                                                     : bytesToText(static_cast<std::int64_t>(bytes));
    const std::string why = limits.budgetBytes > 0
        ? fmt::format("would pass the budget of {} (memory.budget_gb)", bytesToText(limits.budgetBytes))
        : std::string("were refused by the machine");
    return { .code = ErrorCode::Memory,
        .message = fmt::format("{} for {} {}: {} in use. Use a smaller batch or shorter sequences, or allow more memory.",
            wanted, toWord(category), why, bytesToText(now.active)),
        .where = {} };
}

} // namespace

TensorPool::TensorPool(PoolLimits limits) : m_state(PoolState(limits)) { }

TensorPool::~TensorPool()
{
    clearCache();
    CHECK(counters().active == 0, "a TensorPool went before its blocks");
}

Result<Block> TensorPool::allocate(std::size_t bytes, Category category, std::source_location site)
{
    PoolState::Placed placed;
    if (bytes < kAbsurdBytes) [[likely]] {
        placed = m_state.updateQuietly([&](PoolState& state) { return state.place(bytes, category, site); });
    }
    if (placed.data == nullptr) [[unlikely]] {
        return refusal(bytes, category, counters(), limits());
    }
    return Block(*this, placed.data, bytes, category, placed.row);
}

void TensorPool::release(Block& block) noexcept
{
    const auto row = static_cast<std::uint32_t>(block.tag());
    const Region region = m_state.updateQuietly([row](PoolState& state) { return state.release(row); });
    if (region.base != nullptr) {
        unmapMemory(region.base, region.bytes);
    }
}

void TensorPool::resetPeak()
{
    m_state.updateQuietly([](PoolState& state) { state.resetPeak(); });
}

std::int64_t TensorPool::beginWatch()
{
    return m_state.updateQuietly([](PoolState& state) { return state.beginWatch(); });
}

std::int64_t TensorPool::endWatch(std::int64_t outer)
{
    return m_state.updateQuietly([outer](PoolState& state) { return state.endWatch(outer); });
}

PoolCounters TensorPool::counters() const
{
    return m_state.read([](const PoolState& state) { return state.counters(); });
}

PoolLimits TensorPool::limits() const
{
    return m_state.read([](const PoolState& state) { return state.limits(); });
}

void TensorPool::setLimits(PoolLimits limits)
{
    const std::vector<Region> regions = m_state.updateQuietly([limits](PoolState& state) {
        state.setLimits(limits);
        const PoolCounters now = state.counters();
        const bool isOver = (limits.cacheBytes > 0 && now.cache > limits.cacheBytes)
            || (limits.budgetBytes > 0 && now.mapped > limits.budgetBytes);
        return isOver ? state.takeCache() : std::vector<Region> {};
    });
    unmapAll(regions);
}

std::int64_t TensorPool::clearCache()
{
    return unmapAll(m_state.updateQuietly([](PoolState& state) { return state.takeCache(); }));
}

std::int64_t TensorPool::trimUnused()
{
    return unmapAll(m_state.updateQuietly([](PoolState& state) { return state.takeUnused(); }));
}

std::vector<SiteUse> TensorPool::sites() const
{
    return m_state.read([](const PoolState& state) { return state.sites(); });
}

std::uint32_t TensorPool::beginGeneration()
{
    return m_state.updateQuietly([](PoolState& state) { return state.beginGeneration(); });
}

void TensorPool::keepLiveBlocks()
{
    m_state.updateQuietly([](PoolState& state) { state.keepLiveBlocks(); });
}

OldBlocks TensorPool::blocksBefore(std::uint32_t generation) const
{
    return m_state.read([generation](const PoolState& state) { return state.blocksBefore(generation); });
}

} // namespace dubito::memory
