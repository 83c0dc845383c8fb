// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/memory/CacheTuner.h"

#include "backend/base/Text.h"

#include <gtest/gtest.h>

namespace dubito::memory {
namespace {

/// So many steps that keep `cache`, each mapping so many times anew; the last choice among them.
std::optional<CacheTuner::Choice> steps(CacheTuner& tuner, int count, std::int64_t cache, std::uint64_t mapsPerStep = 0)
{
    std::optional<CacheTuner::Choice> last;
    PoolCounters pool;
    pool.cache = cache;
    for (int i = 0; i < count; ++i) {
        if (auto choice = tuner.look(pool)) {
            last = choice;
        }
        pool.mapCalls += mapsPerStep;
    }
    return last;
}

TEST(CacheTuner, KeepsAQuarterMoreThanStepsUse)
{
    CacheTuner tuner;
    EXPECT_FALSE(steps(tuner, 49, 100 * kMiB)) << "not before it has seen enough";
    const auto choice = steps(tuner, 1, 100 * kMiB);
    ASSERT_TRUE(choice);
    EXPECT_EQ(choice->limitBytes, 128 * kMiB);
    EXPECT_EQ(choice->note, "128 MiB: a quarter above the 100 MiB that the last 50 steps kept for reuse");
    EXPECT_FALSE(steps(tuner, 500, 100 * kMiB)) << "the same again is no news";
}

TEST(CacheTuner, FollowsDownwardsWhenStepsKeepMuchLess)
{
    CacheTuner tuner;
    ASSERT_TRUE(steps(tuner, 50, 400 * kMiB));
    const auto choice = steps(tuner, 50, 40 * kMiB);
    ASSERT_TRUE(choice);
    EXPECT_EQ(choice->limitBytes, 64 * kMiB);
}

TEST(CacheTuner, GrowsWhenAFullCacheMakesThePoolMapAnew)
{
    CacheTuner tuner;
    ASSERT_TRUE(steps(tuner, 50, 100 * kMiB));
    const auto choice = steps(tuner, 50, 128 * kMiB, 4);
    ASSERT_TRUE(choice);
    EXPECT_EQ(choice->limitBytes, 192 * kMiB);
    EXPECT_FALSE(steps(tuner, 50, 150 * kMiB, 4)) << "mapping beside a cache that is not full is not its fault";
}

} // namespace
} // namespace dubito::memory
