// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/GenerateCommand.h"

#include "tests/app/SmallRun.h"

#include <gmock/gmock.h>

#include <gtest/gtest.h>

namespace dubito::app {
namespace {

using testing::AllOf;
using testing::HasSubstr;

TEST(GenerateCommand, NoTextCanCommandTheTerminal)
{
    EXPECT_EQ(harmless("a\tb\nc é 😀"), "a\tb\nc é 😀");
    EXPECT_EQ(harmless("\x1b[2Jx"), "\xEF\xBF\xBD[2Jx");
    EXPECT_EQ(harmless("\xc2\x9b" "2J\x7f\r"), "\xEF\xBF\xBD" "2J\xEF\xBF\xBD\xEF\xBF\xBD");
}

/// What the program itself says, with a checkpoint of a run of one step.
class Generate : public testing::Test {
protected:
    Generate() { run.trainExpecting(0, { "--steps", "2", "--warmup-steps", "0" }); }

    static Answer askGenerate(const SmallRun::Words& words) { return ask(with({ "generate" }, words)); }

    std::string checkpoint() const { return run.output() / "final"; }

    SmallRun run;
};

TEST_F(Generate, TheSameSeedSaysTheSame)
{
    const SmallRun::Words words { "--model", checkpoint(), "--prompt", "The river", "--max-tokens", "20", "--seed", "7" };
    const auto first = askGenerate(words);
    EXPECT_EQ(first.exitCode, 0) << first.err;
    EXPECT_FALSE(first.out.empty());
    EXPECT_EQ(askGenerate(words).out, first.out);
    EXPECT_THAT(first.err, HasSubstr("tokens/s"));
}

TEST_F(Generate, TwoModelsAreComparedOnOnePrompt)
{
    const std::string other = run.output() / "checkpoint-2";
    const auto text = askGenerate({ "--compare", checkpoint(), other, "--prompt", "The river", "--max-tokens", "5", "--greedy" });
    EXPECT_EQ(text.exitCode, 0) << text.err;
    EXPECT_THAT(text.out, AllOf(HasSubstr("base: " + checkpoint()), HasSubstr("checkpoint: " + other)));
    const auto json
        = askGenerate({ "--compare", checkpoint(), other, "--prompt", "The river", "--max-tokens", "5", "--greedy", "--json" });
    const auto parsed = nlohmann::json::parse(json.out);
    EXPECT_EQ(parsed.at("base").at("text"), parsed.at("checkpoint").at("text")) << "they are the same checkpoint";
    EXPECT_EQ(parsed.at("base").at("end"), "token_limit");
}

TEST_F(Generate, APromptComesFromAFileToo)
{
    const auto file = run.folder().write("prompt.txt", "The river");
    const auto told = askGenerate({ "--model", checkpoint(), "--prompt-file", file, "--max-tokens", "5", "--greedy", "--json" });
    const auto said = askGenerate({ "--model", checkpoint(), "--prompt", "The river", "--max-tokens", "5", "--greedy", "--json" });
    EXPECT_EQ(nlohmann::json::parse(told.out).at("text"), nlohmann::json::parse(said.out).at("text"));
}

TEST_F(Generate, WhatCannotBeDoneIsSaidWithItsExitCode)
{
    const auto none = askGenerate({ "--prompt", "x" });
    EXPECT_EQ(none.exitCode, 2);
    EXPECT_THAT(none.err, AllOf(HasSubstr("--model"), HasSubstr("--compare")));
    const auto weightless = askGenerate({ "--model", run.model(), "--prompt", "x" });
    EXPECT_EQ(weightless.exitCode, 3);
    EXPECT_THAT(weightless.err, HasSubstr("no weights"));
    EXPECT_EQ(askGenerate({ "--model", run.folder().path() / "nowhere", "--prompt", "x" }).exitCode, 3);
    EXPECT_EQ(askGenerate({ "--model", checkpoint(), "--prompt-file", run.folder().path() / "nowhere" }).exitCode, 2);
    EXPECT_EQ(askGenerate({ "--model", checkpoint(), "--prompt", "x", "--top-p", "2" }).exitCode, 2);
}

} // namespace
} // namespace dubito::app
