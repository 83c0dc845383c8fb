// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/app/SmallRun.h"

#include <gtest/gtest.h>
#include <random>

namespace dubito::app {
namespace {

const SmallRun::Words kLong { "--steps", "400", "--checkpoint-interval", "25" };

/// Killed so often, each time when so many lines more (by chance) have been written; then trained to the end.
SmallRun::Words killedAndResumed(int kills, const SmallRun::Words& arguments)
{
    const SmallRun run;
    std::mt19937 random(20'240'917);
    for (int i = 0; i < kills; ++i) {
        const std::size_t target = run.metricsLines() + 1 + random() % 60;
        Process process(DUBITO_PROGRAM, run.train(with(arguments, { "--resume" })));
        process.waitUntil([&] { return run.metricsLines() >= target; });
        process.kill();
    }
    run.trainExpecting(0, with(arguments, { "--resume" }));
    EXPECT_GE(run.events("resume").size(), static_cast<std::size_t>(kills) / 2) << "most kills find a checkpoint";
    return run.crossEntropies();
}

TEST(Resume, KilledAtAnyMomentTheLossIsThatOfAnUndisturbedRun)
{
    EXPECT_EQ(killedAndResumed(4, kLong), undisturbed(kLong));
}

TEST(SlowResume, KilledTenTimesTheLossIsThatOfAnUndisturbedRun)
{
    const auto arguments = with(kLong, { "--steps", "1500", "--accumulate", "2" });
    EXPECT_EQ(killedAndResumed(10, arguments), undisturbed(arguments));
}

TEST(Resume, ReloadsDoNotChangeTheLoss)
{
    const SmallRun run;
    run.trainExpecting(0, { "--reload-interval", "5" });
    EXPECT_EQ(run.crossEntropies(), undisturbed({}));
    const auto reloads = run.events("reload");
    ASSERT_GE(reloads.size(), 11U);
    EXPECT_EQ(reloads.front().at("step"), 5);
    EXPECT_EQ(reloads.front().at("cause"), "interval");
}

TEST(Resume, WithNothingToResumeItBegins)
{
    const SmallRun run;
    run.folder().write("run/metrics.jsonl", "{\"step\":7,\"ce\":1}\n{\"step\":");
    run.trainExpecting(0, { "--resume" });
    EXPECT_EQ(run.crossEntropies(), undisturbed({}));
}

TEST(Resume, AFinishedRunIsLeftAsItIs)
{
    const SmallRun run;
    run.trainExpecting(0, {});
    const auto before = run.crossEntropies();
    run.trainExpecting(0, { "--resume" });
    EXPECT_EQ(run.crossEntropies(), before);
}

TEST(Resume, ARefusedOneLeavesTheSettingsOfTheRunAsTheyAre)
{
    const SmallRun run;
    run.trainExpecting(0, { "--seed", "7" });
    const auto settings = [&] {
        std::ifstream in(run.output() / "run.yaml");
        return std::string(std::istreambuf_iterator<char>(in), {});
    };
    const auto before = settings();
    run.trainExpecting(3, { "--resume", "--seed", "8" });
    EXPECT_EQ(settings(), before);
}

TEST(Resume, ADamagedCheckpointIsNamedAndTheOneBeforeItIsUsed)
{
    const SmallRun run;
    run.trainExpecting(0, { "--checkpoint-interval", "20" });
    const auto before = run.crossEntropies();
    {
        const auto file = run.output() / "checkpoint-60/model.safetensors";
        std::fstream weights(file, std::ios::in | std::ios::out | std::ios::binary);
        weights.seekg(-100, std::ios::end);
        const auto flipped = static_cast<char>(weights.peek() ^ 1);
        weights.seekp(-100, std::ios::end);
        weights.put(flipped);
    }
    run.trainExpecting(0, { "--checkpoint-interval", "20", "--resume" });
    EXPECT_EQ(run.crossEntropies(), before);
    const auto resumed = run.events("resume");
    ASSERT_EQ(resumed.size(), 1U);
    EXPECT_EQ(resumed.front().at("step"), 40);
    const auto alerts = run.events("alert");
    ASSERT_FALSE(alerts.empty());
    EXPECT_NE(alerts.front().dump().find("checkpoint-60"), std::string::npos) << alerts.front();
}

} // namespace
} // namespace dubito::app
