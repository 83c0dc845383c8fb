// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/memory/TraceJudge.h"

#include "tests/support/TraceSimulator.h"

#include <algorithm>
#include <optional>

#include <gtest/gtest.h>

namespace dubito::memory {
namespace {

TraceVerdict judged(const std::vector<double>& samples)
{
    LeakTrace trace;
    for (std::size_t step = 0; step < samples.size(); ++step) {
        trace.rows.push_back({ static_cast<std::int64_t>(step), samples[step] });
    }
    return judgeTrace(trace, {});
}

std::int64_t alarmsOf(const TraceVerdict& verdict, Decision decision)
{
    return std::ranges::count(verdict.alarms, decision, &TraceAlarm::decision);
}

/// Steps from the onset to the first alarm of this kind; nothing when there was none.
std::optional<std::int64_t> delayOf(const TraceVerdict& verdict, Decision decision, std::size_t onset)
{
    for (const TraceAlarm& alarm : verdict.alarms) {
        if (alarm.decision == decision && alarm.step >= static_cast<std::int64_t>(onset)) {
            return alarm.step - static_cast<std::int64_t>(onset);
        }
    }
    return std::nullopt;
}

/// Acts on `count` clean traces of 5,000 steps, by seeds that nothing was tuned on.
std::int64_t falseActs(Noise noise, int count, std::uint64_t seed)
{
    std::int64_t acts = 0;
    for (int i = 0; i < count; ++i) {
        const TraceWish wish { .seed = seed + static_cast<std::uint64_t>(i), .noise = noise };
        acts += alarmsOf(judged(TraceSimulator(wish).run()), Decision::Act);
    }
    return acts;
}

/// How many of `count` leaks of 1 to 50 MB per step are acted upon.
int foundLeaks(Noise noise, int count, std::uint64_t seed)
{
    int found = 0;
    for (int i = 0; i < count; ++i) {
        const TraceWish wish { .seed = seed + static_cast<std::uint64_t>(i),
            .noise = noise,
            .steps = 3500,
            .leakMbPerStep = std::array { 1.2, 5.0, 50.0 }[static_cast<std::size_t>(i) % 3],
            .onset = 600 + static_cast<std::size_t>(i * 37 % 700),
            .shape = static_cast<LeakShape>(i / 3 % 3) };
        found += delayOf(judged(TraceSimulator(wish).run()), Decision::Act, wish.onset) ? 1 : 0;
    }
    return found;
}

TEST(FreshStreams, QuietAndMediumCleanStreamsAreNotActedUpon)
{
    EXPECT_EQ(falseActs(Noise::Low, 12, 900), 0);
    EXPECT_EQ(falseActs(Noise::Medium, 12, 901), 0);
}

TEST(FreshStreams, LeaksOfAMegabyteAndMoreAreFoundAtEveryLevelOfNoise)
{
    for (const Noise noise : { Noise::Low, Noise::Medium, Noise::High }) {
        EXPECT_EQ(foundLeaks(noise, 12, 77), 12);
    }
}

TEST(FreshStreams, AHeapThatLeaksInBurstsIsFoundAndACleanOneIsQuiet)
{
    for (std::uint64_t seed = 1; seed <= 12; ++seed) {
        const HeapWish clean { .seed = seed, .trimEvery = seed % 3 * 50 };
        EXPECT_TRUE(judged(simulateHeap(clean)).alarms.empty());
        HeapWish leaky = clean;
        leaky.leakMbPerStep = 2;
        leaky.leakBlockMb = 40;
        leaky.onset = 600;
        const auto delay = delayOf(judged(simulateHeap(leaky)), Decision::Act, leaky.onset);
        ASSERT_TRUE(delay.has_value());
        EXPECT_LT(*delay, 200);
    }
}

TEST(FreshStreams, ASteepLeakInALoudStreamIsFoundBeforeItIsTwiceAsHighAsTheLargestSpike)
{
    for (std::uint64_t seed = 1; seed <= 10; ++seed) {
        const TraceWish wish { .seed = 5000 + seed, .noise = Noise::High, .steps = 1500, .leakMbPerStep = 5, .onset = 800 };
        EXPECT_LT(delayOf(judged(TraceSimulator(wish).run()), Decision::Act, wish.onset).value_or(9999), 300) << seed;
    }
}

TEST(SlowFreshStreams, OneInTwoHundredLoudCleanStreamsOrFewerIsActedUpon)
{
    constexpr int kTraces = 800;
    EXPECT_LE(falseActs(Noise::High, kTraces, 424242), kTraces / 200);
}

} // namespace
} // namespace dubito::memory
