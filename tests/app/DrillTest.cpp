// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/app/SmallRun.h"

#include <gtest/gtest.h>

namespace dubito::app {
namespace {

/// A leak on purpose, in an otherwise quiet run.
SmallRun::Words drill(const std::string& what, const SmallRun::Words& more)
{
    SmallRun::Words words { "--drill", what, "--set", "training.memory_leak_threshold_mb=0.5", "--set",
        "reload.cooldown_steps=0" };
    words.insert(words.end(), more.begin(), more.end());
    return words;
}

void skipWhereASanitizerHoldsTheMemory()
{
#ifdef __SANITIZE_ADDRESS__
    GTEST_SKIP() << "a sanitizer keeps what was freed";
#endif
}

class Drill : public testing::Test {
protected:
    void SetUp() override { skipWhereASanitizerHoldsTheMemory(); }
    SmallRun run;
};

TEST_F(Drill, ALeakIsDetectedReloadedVerifiedAndTheRunGoesOn)
{
    run.trainExpecting(0, drill("activations:8", { "--steps", "180" }));
    EXPECT_EQ(run.crossEntropies().size(), 180U);
    const auto acts = run.events("act");
    ASSERT_FALSE(acts.empty());
    EXPECT_EQ(acts.front().at("cause"), "activations");
    EXPECT_NEAR(acts.front().at("mb_per_step"), 8, 0.5);
    const auto reloads = run.events("reload");
    ASSERT_FALSE(reloads.empty());
    EXPECT_EQ(reloads.front().at("cause"), "emergency");
    EXPECT_GT(reloads.front().at("before_mb"), 300);
    EXPECT_LT(reloads.front().at("after_mb"), 100);
    EXPECT_TRUE(run.events("retained").empty());
}

TEST_F(Drill, MemoryThatDoesNotComeBackIsSaidAndAFreshProcessGoesOn)
{
    run.trainExpecting(0, drill("untracked:8", { "--steps", "440", "--set", "reload.per_hour=2" }));
    EXPECT_EQ(run.crossEntropies().size(), 440U);
    ASSERT_EQ(run.events("retained").size(), 1U);
    const auto resumed = run.events("resume");
    ASSERT_EQ(resumed.size(), 1U);
    EXPECT_EQ(resumed.front().at("step"), run.events("retained").front().at("step"));
    EXPECT_LT(run.metrics().back().at("rss_mb"), 1500) << "the new process began with little";
}

TEST_F(Drill, UnderASupervisorTheRestartIsLeftToIt)
{
    Process process(DUBITO_PROGRAM, run.train(drill("untracked:8", { "--steps", "1000" })),
        { .environment = { { "DUBITO_SUPERVISED", "1" } } });
    ASSERT_TRUE(process.wait());
    EXPECT_EQ(process.exitCode(), 100) << process.err();
    EXPECT_TRUE(run.events("resume").empty());
}

TEST_F(Drill, OverTheBudgetOfReloadsTheRunIsSavedAndGivenUp)
{
    const SmallRun::Words none { "--steps", "1000", "--set", "reload.per_hour=0" };
    Process process(DUBITO_PROGRAM, run.train(drill("activations:8", none)));
    ASSERT_TRUE(process.wait());
    EXPECT_EQ(process.exitCode(), 4) << process.err();
    EXPECT_NE(process.err().find("reload.per_hour"), std::string::npos) << process.err();
    const auto step = run.events("give_up").at(0).at("step").dump();
    EXPECT_NE(process.err().find("checkpoint-" + step), std::string::npos) << process.err();
    EXPECT_TRUE(std::filesystem::exists(run.output() / ("checkpoint-" + step) / "manifest.json"));
}

} // namespace
} // namespace dubito::app
