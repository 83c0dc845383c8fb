// SPDX-License-Identifier: GPL-3.0-or-later
// Two gigabytes that leaked come back: from the pool by a reload, from the heap of the C library by a fresh process.
#include "backend/base/Text.h"
#include "backend/memory/MemoryProbe.h"
#include "tests/app/SmallRun.h"

#include <algorithm>
#include <gtest/gtest.h>

namespace dubito::app {
namespace {

constexpr std::size_t kBurst = 20; ///< the step of the one burst within the run
constexpr double kLeakedMb = 2048;

/// One burst of 2 GiB at step 20, a reload at the end of that step, and ten steps more.
SmallRun::Words burstOf(const std::string& who)
{
    return { "--drill", who + ":102.4:bursty", "--steps", "30", "--reload-threshold", "1.5", "--set",
        "training.memory_leak_threshold_mb=100000", "--set", "memory.critical_percentage=100" };
}

class Recovery : public testing::Test {
protected:
    void SetUp() override
    {
#ifdef __SANITIZE_ADDRESS__
        GTEST_SKIP() << "a sanitizer keeps what was freed";
#endif
        const auto left = memory::LinuxMemoryProbe().machine().left();
        if (left >= 0 && left < 5 * kGiB) {
            GTEST_SKIP() << "the machine has " << bytesToText(left) << " left, and 2 GiB are to be leaked";
        }
    }

    /// Resident MiB at the end of this step.
    double residentAt(std::size_t step) const { return run.metrics().at(step - 1).at("rss_mb").get<double>(); }

    void expectAsBefore() const
    {
        const double before = residentAt(kBurst - 1);
        EXPECT_GT(residentAt(kBurst), before + 0.95 * kLeakedMb);
        EXPECT_LE(residentAt(30), before + std::max(32.0, 0.02 * before));
        EXPECT_EQ(run.crossEntropies().size(), 30U);
    }

    SmallRun run;
};

TEST_F(Recovery, TensorsThatLeakedAreGivenBackByOneReload)
{
    run.trainExpecting(0, burstOf("activations"));
    const auto reloads = run.events("reload");
    ASSERT_EQ(reloads.size(), 1U);
    EXPECT_EQ(reloads.front().at("cause"), "threshold");
    EXPECT_EQ(reloads.front().at("step"), kBurst);
    EXPECT_TRUE(run.events("retained").empty());
    expectAsBefore();
}

TEST_F(Recovery, MemoryOfTheHeapIsRetainedAndARestartByTheSupervisorCuresIt)
{
    SmallRun::Words words { "supervise", "--wait", "0.01", "--leak-mb-per-minute", "0", "--", DUBITO_PROGRAM };
    const auto training = run.train(burstOf("untracked"));
    words.insert(words.end(), training.begin(), training.end());
    Process process(DUBITO_PROGRAM, words);
    ASSERT_TRUE(process.wait());
    EXPECT_EQ(process.exitCode(), 0) << process.err();
    EXPECT_EQ(run.events("retained").size(), 1U);
    ASSERT_EQ(run.events("resume").size(), 1U);
    EXPECT_EQ(run.events("resume").front().at("step"), kBurst);
    expectAsBefore();
}

} // namespace
} // namespace dubito::app
