// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/RestartPolicy.h"

#include <gtest/gtest.h>

#include <csignal>

namespace dubito::app {
namespace {

using namespace std::chrono_literals;

constexpr CommandEnd kAsked { .exitCode = 100 };
constexpr CommandEnd kKilled { .exitCode = 128 + SIGKILL, .wasSignalled = true };

Verdict verdict(const CommandEnd& end) { return RestartPolicy({}).judge(end, 1h).verdict; }

TEST(RestartPolicy, WhatARestartCuresIsRestarted)
{
    EXPECT_EQ(verdict(kAsked), Verdict::Restart);
    EXPECT_EQ(verdict({ .exitCode = 75, .reason = StopReason::Leak }), Verdict::Restart);
    EXPECT_EQ(verdict({ .exitCode = 0, .reason = StopReason::Limit }), Verdict::Restart);
    EXPECT_EQ(verdict({ .exitCode = 137, .wasSignalled = true, .hasOomStruck = true }), Verdict::Restart);
}

TEST(RestartPolicy, WhatItDoesNotCureIsNot)
{
    EXPECT_EQ(verdict({ .exitCode = 0 }), Verdict::Done);
    EXPECT_EQ(verdict({ .exitCode = 3 }), Verdict::Done);
    EXPECT_EQ(verdict(kKilled), Verdict::Done) << "somebody killed it on purpose";
    EXPECT_EQ(verdict({ .exitCode = 139, .wasSignalled = true, .hasOomStruck = true }), Verdict::Done);
    EXPECT_EQ(verdict({ .exitCode = 100, .reason = StopReason::User }), Verdict::Done) << "the user wanted the end";
}

TEST(RestartPolicy, TheWaitDoublesUpToALimit)
{
    RestartPolicy policy({ .perHour = 100, .firstWait = 2s, .longestWait = 10s });
    EXPECT_EQ(policy.judge(kAsked, 1h).wait, 2s);
    EXPECT_EQ(policy.judge(kAsked, 1h + 1min).wait, 4s);
    EXPECT_EQ(policy.judge(kAsked, 1h + 2min).wait, 8s);
    EXPECT_EQ(policy.judge(kAsked, 1h + 3min).wait, 10s);
    EXPECT_EQ(policy.judge(kAsked, 5h).wait, 2s) << "an hour later it is forgotten";
}

TEST(RestartPolicy, TheBudgetIsOfTheLastHour)
{
    RestartPolicy policy({ .perHour = 2 });
    EXPECT_EQ(policy.judge(kAsked, 10h).verdict, Verdict::Restart);
    EXPECT_EQ(policy.judge(kAsked, 10h + 1min).verdict, Verdict::Restart);
    EXPECT_EQ(policy.judge(kAsked, 10h + 2min).verdict, Verdict::GiveUp);
    EXPECT_EQ(policy.judge(kAsked, 11h + 30s).verdict, Verdict::Restart);
}

TEST(RestartPolicy, TheFirstRestartNeedsNoProgressAndTheSecondDoes)
{
    RestartPolicy policy({});
    const CommandEnd stuck { .exitCode = 100, .hasProgressed = false };
    EXPECT_EQ(policy.judge(stuck, 1h).verdict, Verdict::Restart);
    EXPECT_EQ(policy.judge(stuck, 1h).verdict, Verdict::GiveUp);
}

} // namespace
} // namespace dubito::app
