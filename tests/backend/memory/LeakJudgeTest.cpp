// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/memory/LeakJudge.h"

#include "backend/base/Random.h"
#include "backend/base/Text.h"
#include "backend/memory/LeakDrill.h"
#include "backend/memory/TensorPool.h"

#include <gtest/gtest.h>

namespace dubito::memory {
namespace {

/// A run of steps around a real pool: batches come and go, a drill leaks, the judge looks at the boundary.
class DrilledRun {
public:
    DrilledRun() : m_weights(std::move(m_pool.allocate(4 << 20, Category::Weights)).value()) { }

    LeakVerdict step()
    {
        {
            const auto activations = m_pool.allocate(static_cast<std::size_t>(2 + m_random.below(3)) << 20, Category::Activations);
            m_batch = std::move(m_pool.allocate(30000 + m_random.below(20000), Category::Data)).value();
            EXPECT_TRUE(activations.hasValue());
        }
        drill.step();
        const PoolCounters pool = m_pool.counters();
        const bool isPlain = drill.status().who == "untracked";
        const std::int64_t plain = isPlain ? drill.status().heldBytes : 0;
        MemorySample sample { .step = m_step++, .active = pool.active, .cache = pool.cache };
        sample.fileBacked = 30 * kMiB;
        sample.untracked = 60 * kMiB + static_cast<std::int64_t>(m_random.below(kMiB)) + plain;
        sample.resident = sample.untracked + pool.active + pool.cache + sample.fileBacked;
        return m_judge.judge(sample, pool.bytes, facts);
    }

    /// The first step within `steps` at which the verdict is at least `decision`; -1: none.
    std::int64_t until(Decision decision, int steps)
    {
        for (int i = 0; i < steps; ++i) {
            last = step();
            if (last.decision >= decision) {
                return i;
            }
        }
        return -1;
    }

    /// So many quiet steps, in which nothing may be suspected, then the leak: the step of it that is acted upon; -1: none.
    std::int64_t actedAfter(int quietSteps, const Drill& leak, int within)
    {
        EXPECT_EQ(until(Decision::Warn, quietSteps), -1);
        EXPECT_TRUE(drill.start(leak));
        return until(Decision::Act, within);
    }

    LimitFacts facts;
    LeakVerdict last;
    LeakJudge& judge() { return m_judge; }
    TensorPool& pool() { return m_pool; }

private:
    TensorPool m_pool;
    Block m_weights;
    Block m_batch;
    Random m_random { 9 };
    LeakJudge m_judge { LeakLevels {} };
    std::int64_t m_step = 0;

public:
    LeakDrill drill { m_pool };
};

TEST(LeakJudge, TenThousandCleanStepsAreNotActedUpon)
{
    DrilledRun run;
    EXPECT_EQ(run.until(Decision::Warn, 10000), -1);
    EXPECT_FALSE(run.last.blame.has_value());
    EXPECT_GT(run.last.nothingAbove, 0);
    EXPECT_LT(run.last.nothingAbove, 0.1);
}

TEST(LeakJudge, WhoIsBlamedForRunawayGrowthIsSaidToGrow)
{
    DrilledRun run;
    ASSERT_NE(run.actedAfter(170, { .who = "activations", .mbPerStep = 4 }, 20), -1);
    ASSERT_EQ(run.last.blameWord, "activations");
    const auto blamed = std::ranges::find(run.last.growth, run.last.blameWord, &Growth::who);
    ASSERT_NE(blamed, run.last.growth.end());
    EXPECT_DOUBLE_EQ(blamed->mbPerStep, run.last.mbPerStep);
    EXPECT_GT(blamed->mbPerStep, 1);
}

TEST(LeakJudge, AMegabytePerStepInAnyCategoryIsFoundWithinSixtyStepsAndBlamed)
{
    for (const std::string_view word : kCategoryWords) {
        DrilledRun run;
        ASSERT_EQ(run.until(Decision::Warn, 500), -1) << word;
        ASSERT_TRUE(run.drill.start({ .who = std::string(word), .mbPerStep = 1 }));
        const std::int64_t found = run.until(Decision::Act, 60);
        ASSERT_NE(found, -1) << word;
        ASSERT_TRUE(run.last.blame.has_value()) << word << " blamed on \"" << run.last.blameWord << "\": " << run.last.reason;
        EXPECT_EQ(toWord(*run.last.blame), word);
        EXPECT_EQ(run.last.blameWord, word);
        EXPECT_NEAR(run.last.mbPerStep, 1.0, 0.3);
        EXPECT_FALSE(run.last.reason.empty());
        run.drill.stop();
    }
}

TEST(LeakJudge, AForeignLeakIsBlamedOnTheUntrackedRest)
{
    DrilledRun run;
    EXPECT_NE(run.actedAfter(700, { .who = "untracked", .mbPerStep = 3 }, 200), -1);
    EXPECT_EQ(run.last.blameWord, "untracked");
    EXPECT_FALSE(run.last.blame.has_value());
}

TEST(LeakJudge, AnActByRunawayGrowthSaysSoAndNoBoundThatItDoesNotMeet)
{
    LeakJudge judge { LeakLevels {} };
    MemorySample sample { .resident = kGiB, .untracked = kGiB };
    LeakVerdict verdict;
    for (; sample.step < 700 && verdict.decision != Decision::Act; ++sample.step) {
        const std::int64_t leaked = sample.step < 600 ? 0 : 3 * kMiB / 4;
        sample.resident += leaked;
        sample.untracked += leaked;
        verdict = judge.judge(sample, {}, {});
    }
    ASSERT_EQ(verdict.decision, Decision::Act);
    EXPECT_LT(sample.step, 630) << "long before there is a slope";
    EXPECT_NE(verdict.reason.find("climbs by 0.75 MB/step"), std::string::npos) << verdict.reason;
    EXPECT_EQ(verdict.reason.find("lower bound"), std::string::npos) << verdict.reason;
}

TEST(LeakJudge, BurstyAndIntermittentDrillsAreFoundToo)
{
    for (const DrillShape shape : { DrillShape::Bursty, DrillShape::Intermittent }) {
        DrilledRun run;
        EXPECT_NE(run.actedAfter(500, { .who = "optimizer", .mbPerStep = 2, .shape = shape }, 400), -1);
        EXPECT_EQ(run.last.blame, Category::Optimizer);
        run.drill.stop();
    }
}

TEST(LeakJudge, AfterARestartTheVerdictIsCleanAndALeakIsFoundAgain)
{
    DrilledRun run;
    ASSERT_NE(run.actedAfter(300, { .who = "gradients", .mbPerStep = 1 }, 60), -1);
    run.drill.dropHeld();
    run.judge().restart();
    EXPECT_EQ(run.until(Decision::Warn, 100), -1);
    EXPECT_NE(run.until(Decision::Act, 300), -1);
    run.drill.stop();
}

TEST(LeakJudge, ACacheThatFillsIsBenignUpToItsBudget)
{
    const auto firstWarn = [](std::int64_t budget) {
        LeakJudge judge { LeakLevels {} };
        judge.declareCacheBudget(budget);
        std::int64_t step = 0;
        while (step < 2000) {
            const std::int64_t cache = step * kMiB / 16;
            // The resident set stands still: what is kept was in use before.
            const MemorySample sample { .step = step, .resident = 500 * kMiB, .cache = cache };
            if (judge.judge(sample, {}, {}).decision >= Decision::Warn) {
                break;
            }
            ++step;
        }
        return step;
    };
    EXPECT_LT(firstWarn(0), 400);
    EXPECT_GE(firstWarn(40 * kMiB), 640);
    EXPECT_LT(firstWarn(40 * kMiB), 640 + 400);
}

TEST(LeakJudge, PagesOfMappedWeightsAreNoGrowth)
{
    LeakJudge judge { LeakLevels {} };
    for (std::int64_t step = 0; step < 1500; ++step) {
        const std::int64_t mapped = step * 2 * kMiB;
        const MemorySample sample { .step = step, .resident = 500 * kMiB + mapped, .fileBacked = mapped };
        EXPECT_EQ(judge.judge(sample, {}, {}).decision, Decision::None);
    }
}

TEST(LeakJudge, TheForecastIsARangeThatHoldsTheTruth)
{
    LeakJudge judge { LeakLevels {} };
    Random random(4);
    LeakVerdict last;
    for (std::int64_t step = 0; step < 1000; ++step) {
        const double mb = 500 + (step > 300 ? 0.5 * static_cast<double>(step - 300) : 0.0) + 4 * random.uniform();
        const MemorySample sample { .step = step, .resident = static_cast<std::int64_t>(mb * static_cast<double>(kMiB)) };
        last = judge.judge(sample, {}, { .limitMb = 1500 });
    }
    const double truth = (1500 - 850) / 0.5;
    ASSERT_TRUE(last.toLimit.steps && last.toLimit.low && last.toLimit.high);
    EXPECT_NEAR(*last.toLimit.steps, truth, 0.1 * truth);
    EXPECT_LE(*last.toLimit.low, truth);
    EXPECT_GE(*last.toLimit.high, truth);
}

TEST(LeakJudge, GrowthIsListedForEveryStreamInAFixedOrder)
{
    DrilledRun run;
    run.until(Decision::Warn, 10);
    ASSERT_EQ(run.last.growth.size(), kStreamCount);
    EXPECT_EQ(run.last.growth.front().who, "weights");
    EXPECT_EQ(run.last.growth.back().who, "rss");
}

} // namespace
} // namespace dubito::memory
