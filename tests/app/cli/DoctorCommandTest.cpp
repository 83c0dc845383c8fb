// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/DoctorCommand.h"

#include "tests/app/SmallRun.h"

#include <gmock/gmock.h>

#include <gtest/gtest.h>

namespace dubito::app {
namespace {

using testing::AllOf;
using testing::HasSubstr;

SmallRun::Words withoutLimits(SmallRun::Words words)
{
    words.insert(words.begin(), { "doctor", "--set", "memory.pause_available_gb=0", "--set", "memory.abort_available_gb=0" });
    return words;
}

TEST(DoctorCommand, SaysMachineLimitsAndVerdict)
{
    Process process(DUBITO_PROGRAM, withoutLimits({}));
    ASSERT_TRUE(process.wait());
    EXPECT_EQ(process.exitCode(), 0) << process.out();
    EXPECT_THAT(process.out(), AllOf(HasSubstr("machine\n"), HasSubstr("available"), HasSubstr("limits\n"), HasSubstr("profile")));
}

TEST(DoctorCommand, SaysTheSameAsJson)
{
    Process process(DUBITO_PROGRAM, withoutLimits({ "--json" }));
    ASSERT_TRUE(process.wait());
    const auto json = nlohmann::json::parse(process.out());
    EXPECT_EQ(json.at("may_start"), true);
    EXPECT_GT(json.at("memory_mb"), 0);
    EXPECT_EQ(json.at("pause_below_mb"), 0);
}

TEST(DoctorCommand, WhatKeepsARunFromStartingIsExitCodeTen)
{
    Process process(DUBITO_PROGRAM, withoutLimits({ "--set", "memory.budget_gb=4000" }));
    ASSERT_TRUE(process.wait());
    EXPECT_EQ(process.exitCode(), 10) << process.out();
    EXPECT_THAT(process.out(), AllOf(HasSubstr("blocking: "), HasSubstr("memory.budget_gb")));
    Process wrong(DUBITO_PROGRAM, { "doctor", "--set", "memory.budget=1" });
    ASSERT_TRUE(wrong.wait());
    EXPECT_EQ(wrong.exitCode(), 2);
}

} // namespace
} // namespace dubito::app
