// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/memory/LeakLadder.h"

#include "backend/base/Random.h"

#include <gtest/gtest.h>

namespace dubito::memory {
namespace {

LeakLadder residentLadder() { return LeakLadder(LadderRules::forResident(0.02, 1.0)); }
LeakLadder exactLadder() { return LeakLadder(LadderRules::forExact(0.02, 1.0)); }

/// Feeds a value for each step; the answer is the first step at which `holds` says so, or -1.
template <typename Values, typename Holds>
int firstStep(LeakLadder& ladder, int steps, Values values, Holds holds)
{
    for (int step = 0; step < steps; ++step) {
        ladder.add(values(step));
        if (holds(ladder)) {
            return step;
        }
    }
    return -1;
}

const auto kWarns = [](const LeakLadder& ladder) { return ladder.warns(); };
const auto kActs = [](const LeakLadder& ladder) { return ladder.acts(); };

TEST(LeakLadder, FitsInFourKibibytes) { EXPECT_LE(sizeof(LeakLadder), 4096U); }

TEST(LeakLadder, AFlatStreamIsQuietAndSaysHowLittleItWouldSee)
{
    LeakLadder ladder = residentLadder();
    EXPECT_EQ(ladder.nothingAbove(), 0.0);
    EXPECT_EQ(firstStep(ladder, 5000, [](int) { return 1000.0; }, kWarns), -1);
    EXPECT_LT(ladder.nothingAbove(), 0.05);
    EXPECT_EQ(ladder.estimate().mbPerStep, 0.0);
}

TEST(LeakLadder, AnExactCounterShowsOneMegabytePerStepWithinTwentySteps)
{
    LeakLadder ladder = exactLadder();
    const int onset = 300;
    const auto leak = [](int step) { return 50.0 + std::max(0, step - onset); };
    const int found = firstStep(ladder, 1000, leak, kActs);
    EXPECT_GE(found, onset);
    EXPECT_LE(found, onset + 20);
}

TEST(LeakLadder, TheIntervalOfASteadyLeakHoldsItsRate)
{
    LeakLadder ladder = residentLadder();
    Random random(5);
    firstStep(ladder, 3000, [&](int step) { return 900 + 3 * random.uniform() + 0.4 * step; }, [](auto&) { return false; });
    EXPECT_LT(ladder.estimate().low, 0.4);
    EXPECT_GT(ladder.estimate().high, 0.4);
    EXPECT_NEAR(ladder.estimate().mbPerStep, 0.4, 0.02);
}

TEST(LeakLadder, ALeakBelowTheThresholdWarnsAndDoesNotAct)
{
    LeakLadder ladder = residentLadder();
    const auto leak = [](int step) { return 500 + 0.3 * step; };
    EXPECT_NE(firstStep(ladder, 2000, leak, kWarns), -1);
    EXPECT_EQ(firstStep(ladder, 2000, [&](int step) { return leak(2000 + step); }, kActs), -1);
}

/// True when a leak that comes in one step of ten, at random, is warned of within 60 steps or by its twelfth portion.
bool isSeenByTheTwelfthPortion(std::uint64_t seed, double mbPerStep)
{
    constexpr int kOnset = 600;
    LeakLadder ladder = exactLadder();
    Random random(seed);
    double mb = 50;
    double owed = 0;
    int portions = 0;
    int last = kOnset + 60;
    for (int step = 0; step <= last || portions < 12; ++step) {
        owed += step >= kOnset ? mbPerStep : 0;
        if (step >= kOnset && random.uniform() < 0.1) {
            mb += owed;
            owed = 0;
            last = ++portions == 12 ? std::max(last, step) : last;
        }
        ladder.add(mb);
        if (ladder.warns() || ladder.acts()) {
            return step >= kOnset;
        }
    }
    return false;
}

TEST(LeakLadder, ALeakInPortionsAtRandomIsSeenByTheTwelfth)
{
    for (const double mbPerStep : { 0.05, 0.5, 5.0 }) {
        int late = 0;
        for (std::uint64_t seed = 1; seed <= 100; ++seed) {
            late += isSeenByTheTwelfthPortion(seed, mbPerStep) ? 0 : 1;
        }
        EXPECT_LE(late, 2) << "of 100, " << mbPerStep << " MB/step";
    }
}

TEST(LeakLadder, AStepToANewPlateauIsNoLeak)
{
    LeakLadder ladder = residentLadder();
    EXPECT_EQ(firstStep(ladder, 4000, [](int step) { return step < 1500 ? 500.0 : 900.0; }, kWarns), -1);
}

TEST(LeakLadder, ACollectorsTeethAreNoLeak)
{
    LeakLadder ladder = residentLadder();
    EXPECT_EQ(firstStep(ladder, 6000, [](int step) { return 800.0 + step % 200; }, kActs), -1);
}

TEST(LeakLadder, RunawayGrowthIsSeenWithinTwentySteps)
{
    LeakLadder ladder = residentLadder();
    const auto runaway = [](int step) { return 2000.0 + (step % 7) + (step > 700 ? 50.0 * (step - 700) : 0.0); };
    const int found = firstStep(ladder, 1200, runaway, kActs);
    EXPECT_GE(found, 700);
    EXPECT_LE(found, 720);
}

TEST(LeakLadder, ARestartForgetsTheSlopeAndGivesAGrace)
{
    LeakLadder ladder = residentLadder();
    firstStep(ladder, 1000, [](int step) { return 500.0 + 2 * step; }, [](auto&) { return false; });
    ASSERT_TRUE(ladder.acts());
    ladder.restart();
    EXPECT_FALSE(ladder.acts());
    EXPECT_FALSE(ladder.warns());
    EXPECT_TRUE(ladder.isInGrace());
    EXPECT_EQ(firstStep(ladder, 1000, [](int step) { return step < 90 ? 10.0 * step : 900.0; }, kWarns), -1);
}

TEST(LeakLadder, ARestartKeepsWhatIsKnownOfBenignDeclines)
{
    LeakLadder taught = exactLadder();
    LeakLadder fresh = exactLadder();
    firstStep(taught, 1000, [](int step) { return 40.0 * (step % 10); }, [](auto&) { return false; });
    taught.restart();
    fresh.restart();
    for (int step = 0; step < 130; ++step) {
        taught.add(100);
        fresh.add(100);
    }
    EXPECT_GT(taught.nothingAbove(), fresh.nothingAbove());
}

TEST(LeakLadder, NewLevelsApplyWithoutARestart)
{
    LeakLadder ladder = residentLadder();
    firstStep(ladder, 1500, [](int step) { return 500 + 0.3 * step; }, [](auto&) { return false; });
    ASSERT_FALSE(ladder.acts());
    ladder.setLevels(0.02, 0.1);
    const int acted = firstStep(ladder, 500, [](int step) { return 500 + 0.3 * (1500 + step); }, kActs);
    EXPECT_NE(acted, -1);
}

} // namespace
} // namespace dubito::memory
