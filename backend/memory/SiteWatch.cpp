// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/memory/SiteWatch.h"

#include "backend/base/Text.h"

#include <utility>

namespace dubito::memory {

void SiteWatch::remember(std::int64_t step, std::vector<SiteUse> sites)
{
    m_older = std::exchange(m_newer, { .step = step, .sites = std::move(sites) });
    if (m_older.sites.empty()) {
        m_older = m_newer;
    }
}

std::vector<GrowingSite> SiteWatch::grown(std::int64_t step, std::span<const SiteUse> now) const
{
    const std::int64_t steps = step - m_older.step;
    if (m_older.sites.empty() || steps <= 0) {
        return {};
    }
    std::vector<GrowingSite> named;
    for (const SiteGrowth& growth : rankGrowth(m_older.sites, now, steps, kNamed)) {
        named.push_back({ .site = growth.site.toText(),
            .bytes = growth.bytes,
            .blocks = growth.count,
            .mbPerStep = toMiB(growth.bytes) / static_cast<double>(steps),
            .blocksPerStep = growth.countPerStep });
    }
    return named;
}

} // namespace dubito::memory
