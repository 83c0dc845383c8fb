// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/memory/MemoryLevels.h"

#include "backend/base/Text.h"

#include <gtest/gtest.h>

namespace dubito::memory {
namespace {

using std::chrono::seconds;

MemoryLevels levelsOf() { return MemoryLevels({ .alert = 700, .cleanup = 800, .critical = 900 }); }

TEST(MemoryLevels, ALevelIsAnnouncedWhenItIsEnteredAndNotWhileItLasts)
{
    MemoryLevels levels = levelsOf();
    EXPECT_FALSE(levels.update(600, seconds { 0 }));
    const auto change = levels.update(710, seconds { 1 });
    ASSERT_TRUE(change);
    EXPECT_EQ(change->to, Level::Alert);
    EXPECT_TRUE(change->isRise());
    EXPECT_FALSE(levels.update(750, seconds { 2 }));
}

TEST(MemoryLevels, ALevelIsLeftAtNinetyFivePercentOfItsThreshold)
{
    MemoryLevels levels = levelsOf();
    levels.update(810, seconds { 0 });
    EXPECT_FALSE(levels.update(770, seconds { 1 }));
    EXPECT_EQ(levels.level(), Level::Cleanup);
    const auto change = levels.update(750, seconds { 2 });
    ASSERT_TRUE(change);
    EXPECT_EQ(change->to, Level::Alert);
    EXPECT_FALSE(change->isRise());
}

TEST(MemoryLevels, AJumpGoesStraightToTheHighestLevel)
{
    MemoryLevels levels = levelsOf();
    EXPECT_EQ(levels.update(2000, seconds { 0 })->to, Level::Critical);
    EXPECT_EQ(levels.level(), Level::Critical);
    EXPECT_FALSE(levels.update(2001, seconds { 1 })) << "it was one change";
}

TEST(MemoryLevels, WithinTheCoolDownALevelIsNotAnnouncedAgain)
{
    MemoryLevels levels = levelsOf();
    EXPECT_TRUE(levels.update(710, seconds { 0 }));
    EXPECT_TRUE(levels.update(100, seconds { 1 }));
    EXPECT_FALSE(levels.update(710, seconds { 2 }));
    EXPECT_EQ(levels.level(), Level::Alert);
    EXPECT_TRUE(levels.update(710, seconds { 61 }));
}

TEST(MemoryLevels, AThresholdOfNothingIsOff)
{
    MemoryLevels levels({ .alert = 0, .cleanup = 0, .critical = 900 });
    EXPECT_FALSE(levels.update(850, seconds { 0 }));
    EXPECT_TRUE(levels.update(901, seconds { 0 }));
}

TEST(MemoryLevels, PercentagesAreOfTheBudgetOrOfWhatTheMachineLends)
{
    config::Memory memory;
    const MachineMemory machine { .total = 100 * kGiB, .available = 50 * kGiB };
    EXPECT_EQ(levelBase(memory, machine), 80 * kGiB);
    MachineMemory caged = machine;
    caged.cgroupLimit = 20 * kGiB;
    EXPECT_EQ(levelBase(memory, caged), 20 * kGiB);
    memory.budgetGb = 10;
    EXPECT_EQ(levelBase(memory, caged), 10 * kGiB);
    EXPECT_EQ(thresholdsOf(memory, 10 * kGiB), (LevelThresholds { 7 * kGiB, 8 * kGiB, 9 * kGiB }));
    EXPECT_EQ(levelBase({}, {}), 0);
}

} // namespace
} // namespace dubito::memory
