// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/MergeCommand.h"

#include "tests/app/SmallRun.h"

#include <gmock/gmock.h>

#include <gtest/gtest.h>

namespace dubito::app {
namespace {

using testing::HasSubstr;

/// A trained model, and an adapter that was trained over it.
class Merge : public testing::Test {
protected:
    Merge()
    {
        run.trainExpecting(0, { "--steps", "5", "--warmup-steps", "0" });
        run.trainExpecting(0, { "--model", base(), "--lora-rank", "2", "--learning-rate", "0.1", "--steps", "20",
                                  "--warmup-steps", "0", "--output", path("tuned") });
    }

    std::string path(const std::string& name) const { return run.folder().path() / name; }
    std::string base() const { return run.output() / "final"; }
    std::string adapter() const { return path("tuned") + "/final"; }

    static std::string speak(const SmallRun::Words& model)
    {
        const auto answer = ask(with({ "generate", "--prompt", "The river", "--max-tokens", "12", "--greedy" }, model));
        EXPECT_EQ(answer.exitCode, 0) << answer.err;
        return answer.out;
    }

    SmallRun run;
};

TEST_F(Merge, TheMergedModelSaysWhatTheAdapterSaysOverItsBase)
{
    const auto merged = ask({ "merge", adapter(), "--output", path("merged") });
    ASSERT_EQ(merged.exitCode, 0) << merged.err;
    EXPECT_THAT(merged.out, HasSubstr("rank 2"));
    const std::string tuned = speak({ "--model", adapter() });
    EXPECT_EQ(speak({ "--model", path("merged") }), tuned);
    EXPECT_EQ(speak({ "--model", adapter(), "--base", base() }), tuned);
    EXPECT_NE(speak({ "--model", base() }), tuned) << "the adapter has learnt something";
    const auto both
        = ask({ "generate", "--compare", base(), adapter(), "--prompt", "The river", "--max-tokens", "3", "--base", base() });
    EXPECT_EQ(both.exitCode, 0) << both.err;
    // And it is trained on as any model.
    run.trainExpecting(0, { "--model", path("merged"), "--steps", "2", "--warmup-steps", "0", "--output", path("further") });
}

TEST_F(Merge, WhatCannotBeMergedIsSaidWithItsExitCode)
{
    const auto whole = ask({ "merge", base(), "--output", path("merged") });
    EXPECT_EQ(whole.exitCode, 3);
    EXPECT_THAT(whole.err, HasSubstr("no adapter"));
    EXPECT_EQ(ask({ "merge", adapter() }).exitCode, 2) << "no output";
    EXPECT_EQ(ask({ "merge", adapter(), "--output", path("merged"), "--dtype", "int8" }).exitCode, 2);
    EXPECT_EQ(ask({ "merge", adapter(), "--output", base() }).exitCode, 2) << "it holds something";
    EXPECT_EQ(ask({ "merge", adapter(), "--output", run.folder().write("file", "") / "x" }).exitCode, 6);
    EXPECT_EQ(ask({ "merge", path("nowhere"), "--output", path("merged") }).exitCode, 3);
    EXPECT_FALSE(std::filesystem::exists(path("merged")));
}

} // namespace
} // namespace dubito::app
