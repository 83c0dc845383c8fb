// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/PlanCommand.h"

#include "tests/app/SmallRun.h"

#include <gmock/gmock.h>

#include <gtest/gtest.h>

namespace dubito::app {
namespace {

using testing::AllOf;
using testing::HasSubstr;

Answer askPlan(const SmallRun::Words& words)
{
    return ask(with({ "plan" }, words));
}

TEST(PlanCommand, SaysItsPeakByCategoryAndThatItFits)
{
    const auto text = askPlan({ "--model", "tiny", "--budget", "2" });
    EXPECT_EQ(text.exitCode, 0) << text.err;
    EXPECT_THAT(text.out, AllOf(HasSubstr("weights"), HasSubstr("optimizer"), HasSubstr("It fits"), HasSubstr("2.00 GiB")));
    const auto json = nlohmann::json::parse(askPlan({ "--model", "tiny", "--budget", "2", "--json" }).out);
    EXPECT_EQ(json.at("fits"), true);
    double sum = json.at("program_mb");
    for (const auto& [category, megabytes] : json.at("categories_mb").items()) {
        sum += megabytes.get<double>();
    }
    EXPECT_NEAR(sum, json.at("peak_mb"), 1e-6);
}

TEST(PlanCommand, ThatItDoesNotFitIsExitCodeTenWithWhatWould)
{
    const auto text = askPlan({ "--model", "smollm-135m", "--batch-size", "32", "--seq-len", "512", "--budget", "6",
        "--gradient-checkpointing", "off" });
    EXPECT_EQ(text.exitCode, 10) << text.err;
    EXPECT_THAT(text.out, AllOf(HasSubstr("It does not fit"), HasSubstr("This would fit: --batch-size"),
        HasSubstr("This would fit: --gradient-checkpointing on")));
    const auto none = askPlan({ "--model", "llama-2-7b", "--budget", "1" });
    EXPECT_EQ(none.exitCode, 10);
    EXPECT_THAT(none.out, HasSubstr("Nothing would fit, however small the batch"));
}

TEST(PlanCommand, AdaptersTakeLessThanTheWholeModelAndAutoComputesAgainWhatDoesNotFit)
{
    const auto peak = [&](const SmallRun::Words& more) {
        SmallRun::Words words { "--json", "--budget", "16", "--model", "smollm-135m", "--seq-len", "256" };
        words.insert(words.end(), more.begin(), more.end());
        return nlohmann::json::parse(askPlan(words).out).at("peak_mb").get<double>();
    };
    const double full = peak({});
    EXPECT_LT(peak({ "--lora-rank", "16" }), full / 2);
    EXPECT_LT(peak({ "--lora-rank", "16", "--set", "training.frozen_weights=bf16" }), peak({ "--lora-rank", "16" }) - 200);
    EXPECT_LT(peak({ "--gradient-checkpointing", "on" }), full - 300);
    const auto tight = askPlan({ "--model", "smollm-135m", "--seq-len", "256", "--budget", "2.6" });
    EXPECT_EQ(tight.exitCode, 0) << tight.out;
    EXPECT_THAT(tight.out, HasSubstr("computed again"));
    EXPECT_EQ(askPlan({ "--model", "tiny", "--lora-rank", "4", "--precision", "bf16", "--set", "training.frozen_weights=f32" })
                  .exitCode,
        2);
}

TEST(PlanCommand, WhatCannotBePlannedIsSaidWithItsExitCode)
{
    const auto unknown = askPlan({ "--model", "nowhere" });
    EXPECT_EQ(unknown.exitCode, 3);
    EXPECT_THAT(unknown.err, AllOf(HasSubstr("nowhere"), HasSubstr("smollm-135m")));
    EXPECT_EQ(askPlan({ "--model", "tiny", "--seq-len", "4096" }).exitCode, 3);
    EXPECT_EQ(askPlan({ "--model", "tiny", "--batch-size", "0" }).exitCode, 2);
    EXPECT_EQ(askPlan({ "--model", "tiny", "--budget", "-1" }).exitCode, 2);
}

} // namespace
} // namespace dubito::app
