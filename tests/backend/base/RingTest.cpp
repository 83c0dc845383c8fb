// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/base/Ring.h"

#include <gtest/gtest.h>

namespace dubito {
namespace {

TEST(Ring, TheNewestValuesStayInOrderAndTheLostOnesAreCounted)
{
    Ring<int> ring(3);
    for (int i = 1; i <= 5; ++i) {
        ring.push(i);
    }
    EXPECT_EQ(ring.toVector(), (std::vector<int> { 3, 4, 5 }));
    EXPECT_EQ(ring.newestOf(2), (std::vector<int> { 4, 5 }));
    EXPECT_EQ(ring.overwritten(), 2U);
    EXPECT_EQ(ring.newest(), 5);
}

TEST(Ring, TakingTheOldestAfterAWrapKeepsTheOrder)
{
    Ring<int> ring(3);
    for (int i = 1; i <= 4; ++i) {
        ring.push(i);
    }
    EXPECT_EQ(ring.popOldest(), 2);
    ring.push(5);
    EXPECT_EQ(ring.toVector(), (std::vector<int> { 3, 4, 5 }));
}

TEST(RingDeathTest, ReadingOutsideEndsTheProgram)
{
    const Ring<int> ring(3);
    EXPECT_DEATH(static_cast<void>(ring[0]), "outside its values");
}

} // namespace
} // namespace dubito
