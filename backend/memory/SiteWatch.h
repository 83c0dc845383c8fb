// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/memory/MemoryStatus.h"
#include "backend/memory/SiteTable.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace dubito::memory {

/// Remembers who held what some steps ago, so that an alarm can name at once which lines of the program have grown.
///
/// Holds two pictures of the pool's sites that are kBetween steps apart; while an alarm holds, the older one stays, and
/// the evidence grows with every step. Not for two threads. Memory that no pool gave has no site and is not named here.
class SiteWatch {
public:
    static constexpr std::int64_t kBetween = 64;
    static constexpr std::size_t kNamed = 5;

    /// Is it time for the next picture?
    bool isDue(std::int64_t step) const { return m_newer.sites.empty() || step - m_newer.step >= kBetween; }

    void remember(std::int64_t step, std::vector<SiteUse> sites);

    /// Who has grown since the older picture, most bytes first, at most kNamed; nothing before the first picture.
    std::vector<GrowingSite> grown(std::int64_t step, std::span<const SiteUse> now) const;

    /// After a reload: what was held before it says nothing.
    void restart() { *this = SiteWatch {}; }

private:
    struct Picture {
        std::int64_t step = 0;
        std::vector<SiteUse> sites; ///< at most SiteTable::kCapacity
    };

    Picture m_older;
    Picture m_newer;
};

} // namespace dubito::memory
