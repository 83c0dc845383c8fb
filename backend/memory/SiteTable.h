// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/base/TensorMemory.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <source_location>
#include <span>
#include <string>
#include <vector>

namespace dubito::memory {

/// What one line of the program holds of the pool at this moment.
struct SiteUse {
    std::source_location where;
    Category category = Category::Weights;
    std::int64_t liveBytes = 0;
    std::int64_t liveCount = 0;

    /// "backend/model/Attention.cpp:88 (activations)"
    std::string toText() const;
};

/// How one line grew between two snapshots.
struct SiteGrowth {
    SiteUse site; ///< as it is in the later snapshot
    std::int64_t bytes = 0;
    std::int64_t count = 0;
    double countPerStep = 0; ///< near a whole number >= 1 for a leak in every step
};

/// Live bytes and blocks by call site: who holds what. At most 4,096 sites; what comes after shares one row.
///
/// Takes its memory once, at construction. Not for two threads: TensorPool's lock is around it.
class SiteTable {
public:
    static constexpr std::size_t kCapacity = 4096;

    SiteTable();

    /// Counts one block in; the answer is the row to give to remove().
    std::uint16_t add(const std::source_location& where, Category category, std::int64_t bytes);
    void remove(std::uint16_t row, std::int64_t bytes);

    const SiteUse& at(std::uint16_t row) const { return m_sites[row]; }

    /// Every site ever seen, in order of appearance.
    std::vector<SiteUse> snapshot() const { return m_sites; }

private:
    static constexpr std::size_t kSlots = 2 * kCapacity;
    static constexpr std::uint16_t kEmpty = 0xffff;

    std::uint16_t rowOf(const std::source_location& where, Category category);

    std::vector<SiteUse> m_sites;
    std::vector<std::uint16_t> m_slots;
};

/// Sites that grew between two snapshots of one table that are `steps` apart, most bytes first, at most `limit`.
std::vector<SiteGrowth> rankGrowth(
    std::span<const SiteUse> before, std::span<const SiteUse> after, std::int64_t steps, std::size_t limit);

} // namespace dubito::memory
