// SPDX-License-Identifier: GPL-3.0-or-later
// How a run dies, and what the next start says about it.
#include "tests/app/SmallRun.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>

namespace dubito::app {
namespace {

const SmallRun::Words kEndless { "--steps", "100000", "--checkpoint-interval", "20" };

SmallRun::Words resumed()
{
    SmallRun::Words words = kEndless;
    words.emplace_back("--resume");
    return words;
}

/// Trains until so many steps are done, then `end` ends it in its way; what the next start writes, up to its own end.
std::string nextStartAfter(const SmallRun& run, const std::function<void(Process&)>& end)
{
    {
        Process process(DUBITO_PROGRAM, run.train(kEndless));
        EXPECT_TRUE(process.waitUntil([&] { return run.metricsLines() >= 50; })) << process.err();
        end(process);
        EXPECT_TRUE(process.wait() || process.exitCode() > 0);
    }
    Process next(DUBITO_PROGRAM, run.train(resumed()));
    EXPECT_TRUE(next.waitUntil([&] { return !run.events("resume").empty(); })) << next.err();
    next.signal(SIGTERM);
    EXPECT_TRUE(next.wait());
    EXPECT_EQ(next.exitCode(), 75) << next.err();
    return next.err();
}

TEST(Death, AKillIsExplainedAtTheNextStart)
{
    const SmallRun run;
    const std::string said = nextStartAfter(run, [](Process& process) { process.kill(); });
    EXPECT_NE(said.find("Killed from outside, without a word after step"), std::string::npos) << said;
    EXPECT_NE(said.find("checkpoint-"), std::string::npos) << said;
    const auto alerts = run.events("alert");
    EXPECT_TRUE(std::ranges::any_of(alerts, [](const auto& alert) { return alert.at("cause") == "died"; }));
}

TEST(Death, ACrashIsToldFromAKill)
{
    const SmallRun run;
    const std::string said = nextStartAfter(run, [](Process& process) { process.signal(SIGABRT); });
    EXPECT_NE(said.find("The program crashed after step"), std::string::npos) << said;
    EXPECT_NE(said.find("SIGABRT ended it."), std::string::npos) << said;
}

TEST(Death, AStopThatWasAskedForIsNone)
{
    const SmallRun run;
    const std::string said = nextStartAfter(run, [](Process& process) { process.signal(SIGTERM); });
    EXPECT_EQ(said.find("sign of life"), std::string::npos) << said;
}

TEST(Death, AnEmergencyCleanUpReportsAndTheRunGoesOn)
{
    const SmallRun run;
    Process process(DUBITO_PROGRAM, run.train(kEndless));
    ASSERT_TRUE(process.waitUntil([&] { return run.metricsLines() >= 20; })) << process.err();
    process.signal(SIGUSR1);
    ASSERT_TRUE(process.waitUntil([&] { return !run.events("relieve").empty(); })) << process.err();
    EXPECT_EQ(run.events("relieve").front().at("cause"), "signal");
    EXPECT_TRUE(run.events("relieve").front().at("after_mb").is_number());
    ASSERT_TRUE(process.waitUntil([&] { return std::filesystem::exists(run.output() / "reports"); }));
    const auto lines = run.metricsLines();
    EXPECT_TRUE(process.waitUntil([&] { return run.metricsLines() > lines + 5; }));
    process.signal(SIGTERM);
    ASSERT_TRUE(process.wait());
    EXPECT_EQ(process.exitCode(), 75);
    const auto report = std::filesystem::directory_iterator(run.output() / "reports")->path();
    EXPECT_TRUE(nlohmann::json::parse(std::ifstream(report)).contains("clean_up"));
}

TEST(Death, TheLogOfARunStandsInItsFolder)
{
    const SmallRun run;
    run.trainExpecting(0, {});
    EXPECT_GT(std::filesystem::file_size(run.output() / "dubito.log"), 0U);
}

} // namespace
} // namespace dubito::app
