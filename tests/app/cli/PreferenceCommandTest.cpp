// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/PreferenceCommand.h"

#include "tests/app/SmallRun.h"

#include <gmock/gmock.h>

#include <gtest/gtest.h>

namespace dubito::app {
namespace {

using config::WeightingMode;
using session::ClaimLabels;
using testing::AllOf;
using testing::HasSubstr;

config::LayeredConfig layered(std::vector<config::Assignment> flags)
{
    config::ConfigSources sources;
    sources.flags = std::move(flags);
    return config::layerConfig(sources);
}

TEST(PreferenceCommand, WhatTheUserHasSaidStaysAndTheRestFitsATrial)
{
    const auto config = withTrialDefaults(layered({ { "training.batch_size", "5", "--batch-size" } }));
    EXPECT_EQ(config.training.batchSize, 5);
    EXPECT_EQ(config.training.seqLen, 64);
    EXPECT_DOUBLE_EQ(config.training.learningRate, 0.002);
    EXPECT_EQ(withTrialDefaults(layered({ { "training.steps", "3", "--steps" }, { "training.warmup_steps", "1", "--set" } }))
                  .training.steps,
        3);
}

TEST(PreferenceCommand, ANamedWeightingIsTriedWithItsControls)
{
    EXPECT_EQ(conditionsOf(layered({})), session::allConditions());
    const auto conditions = conditionsOf(layered({ { "distrust.weighting", "hinge", "--weighting" } }));
    ASSERT_EQ(conditions.size(), 4U);
    EXPECT_EQ(conditions[1], (session::TrialCondition { WeightingMode::Hinge, ClaimLabels::Swapped }));
    EXPECT_EQ(conditions[3].weighting, WeightingMode::Additive);
}

session::TrialReport reportOf(std::int64_t primary)
{
    session::TrialReport report;
    report.pairs = 100;
    report.seeds = { 1, 2 };
    auto& row = report.rows.emplace_back();
    row.heldOut = { primary, 200 };
    row.bySeed = { { primary / 2, 100 }, { primary / 2, 100 } };
    return report;
}

TEST(PreferenceCommand, TheTableSaysWhatWasExpectedAndWhatCame)
{
    EXPECT_THAT(toTable(reportOf(190)),
        AllOf(HasSubstr("| monotone | honest | 190 of 200: **95.0 %** | 91.0 % to 97.3 % |"), HasSubstr("above 90 % | yes |")));
    EXPECT_THAT(toTable(reportOf(120)), HasSubstr("above 90 % | no |"));
    const auto json = nlohmann::json::parse(toJson(reportOf(190)));
    EXPECT_DOUBLE_EQ(json.at("rows").at(0).at("prefers_primary"), 0.95);
    EXPECT_EQ(json.at("rows").at(0).at("by_seed").size(), 2U);
    EXPECT_EQ(json.at("rows").at(0).at("as_expected"), true);
}

TEST(PreferenceCommand, MakesATrialAndLeavesItsCorpusWhereItWasTold)
{
    const SmallRun run;
    const std::string kept = run.folder().path() / "trial";
    Process process(DUBITO_PROGRAM,
        { "preference", "--model", run.model(), "--claims", "3", "--seeds", "1", "--steps", "3", "--warmup-steps", "0",
            "--threads", "1", "--output", kept, "--json" });
    ASSERT_TRUE(process.wait()) << process.err();
    EXPECT_EQ(process.exitCode(), 0) << process.err();
    EXPECT_EQ(nlohmann::json::parse(process.out()).at("rows").size(), 7U);
    EXPECT_TRUE(std::filesystem::exists(kept + "/preference.json"));
    EXPECT_TRUE(std::filesystem::exists(kept + "/claims-seed-42-swapped.jsonl"));
}

TEST(PreferenceCommand, WhatCannotBeTriedIsSaidWithItsExitCode)
{
    const SmallRun run;
    const auto exitCode = [](const SmallRun::Words& words) {
        Process process(DUBITO_PROGRAM, words);
        EXPECT_TRUE(process.wait());
        return process.exitCode();
    };
    EXPECT_EQ(exitCode({ "preference", "--claims", "0" }), 2);
    EXPECT_EQ(exitCode({ "preference", "--pairs", run.folder().path() / "nowhere.jsonl" }), 3);
    EXPECT_EQ(exitCode({ "preference", "--pairs", run.folder().write("bad.jsonl", "{}\n") }), 3);
    EXPECT_EQ(exitCode({ "preference", "--model", run.folder().path() / "nowhere" }), 3);
    EXPECT_EQ(exitCode({ "preference", "--output", run.folder().write("file", "") / "x" }), 6);
}

} // namespace
} // namespace dubito::app
