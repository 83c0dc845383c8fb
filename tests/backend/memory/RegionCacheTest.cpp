// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/memory/RegionCache.h"

#include "backend/base/Text.h"
#include "backend/memory/SizeClass.h"

#include <gtest/gtest.h>

namespace dubito::memory {
namespace {

void unmapAll(const std::vector<Region>& regions)
{
    for (const Region& region : regions) {
        unmapMemory(region.base, region.bytes);
    }
}

TEST(RegionCache, OfOneSizeTheWarmestRegionComesFirst)
{
    RegionCache cache({});
    const Region first = cache.take(kRegionBytes, Pages::Small);
    const Region second = cache.take(kRegionBytes, Pages::Small);
    cache.give(first);
    cache.give(second);
    const Region again = cache.take(kRegionBytes, Pages::Small);
    EXPECT_EQ(again.base, second.base);
    cache.give(again);
    unmapAll(cache.takeAll());
    EXPECT_EQ(cache.mapped(), 0);
    EXPECT_EQ(cache.cached(), 0);
}

TEST(RegionCache, ARefusalLeavesTheCacheAlone)
{
    RegionCache cache({ .budgetBytes = 4 * kMiB });
    cache.give(cache.take(kRegionBytes, Pages::Small));
    EXPECT_EQ(cache.take(3 * kRegionBytes, Pages::Huge).base, nullptr);
    EXPECT_EQ(cache.cached(), 2 * kMiB);
    unmapAll(cache.takeAll());
}

TEST(RegionCache, UnderALoweredBudgetWhatIsFreedIsNotKept)
{
    RegionCache cache({});
    const Region region = cache.take(2 * kRegionBytes, Pages::Huge);
    cache.setLimits({ .budgetBytes = 2 * kMiB });
    const Region back = cache.give(region);
    ASSERT_EQ(back.base, region.base);
    unmapMemory(back.base, back.bytes);
    EXPECT_EQ(cache.mapped(), 0);
}

} // namespace
} // namespace dubito::memory
