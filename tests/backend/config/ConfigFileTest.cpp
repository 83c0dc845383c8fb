// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/config/ConfigFile.h"

#include "backend/config/ConfigYaml.h"
#include "tests/backend/config/ConfigSamples.h"
#include "tests/support/TemporaryFolder.h"

#include <gtest/gtest.h>

namespace dubito::config {
namespace {

std::string problemsOf(std::string_view text) { return linesOf(readConfigText(text, "my.yaml").problems); }

/// "key=value" of each, one per line.
std::string valuesOf(std::string_view text)
{
    const auto reading = readConfigText(text, "my.yaml");
    std::string lines = linesOf(reading.problems);
    for (const auto& value : reading.values) {
        lines += std::string(value.field->key) + "=" + toText(value.value) + "\n";
    }
    return lines;
}

std::string repeated(std::string_view piece, std::size_t count)
{
    std::string text;
    for (std::size_t i = 0; i < count; ++i) {
        text += piece;
    }
    return text;
}

TEST(ConfigFile, EveryKeyRoundTripsThroughAFile)
{
    for (const Field& field : fields()) {
        std::string text;
        std::size_t depth = 0;
        for (std::string_view rest = field.key; !rest.empty(); ++depth) {
            const auto dot = std::min(rest.find('.'), rest.size());
            text += std::string(depth * 2, ' ') + std::string(rest.substr(0, dot)) + ":";
            text += dot == rest.size() ? " " + yamlScalar(otherValue(field)) + "\n" : "\n";
            rest.remove_prefix(std::min(dot + 1, rest.size()));
        }
        const auto reading = readConfigText(text, "my.yaml");
        EXPECT_EQ(linesOf(reading.problems), "") << text;
        ASSERT_EQ(reading.values.size(), 1U) << text;
        EXPECT_EQ(reading.values[0].field, &field);
        EXPECT_EQ(reading.values[0].value, otherValue(field)) << text;
    }
}

TEST(ConfigFile, ValuesKnowTheirPlace)
{
    const auto reading = readConfigText("# mine\ntraining:\n  steps: 100\n  batch_size:   8\n", "my.yaml");
    ASSERT_EQ(reading.values.size(), 2U);
    EXPECT_EQ(reading.values[0].where, "my.yaml:3:10");
    EXPECT_EQ(reading.values[1].where, "my.yaml:4:17");
}

TEST(ConfigFile, AllProblemsAreReportedEachWithItsPlace)
{
    EXPECT_EQ(problemsOf("training:\n"
                         "  batchsize: 4\n"
                         "  steps: lots\n"
                         "  seq_len: [1, 2]\n"
                         "memory:\n"
                         "  budget_gb: -3\n"
                         "  budget_gb: 4\n"
                         "trianing:\n"
                         "  steps: 3\n"
                         "log: loud\n"
                         "model:\n"
                         "  path:\n"
                         "health:\n"
                         "  stale_after_s:\n"),
        "my.yaml:2:3: there is no key \"training.batchsize\"; did you mean training.batch_size?\n"
        "my.yaml:3:10: training.steps must be a whole number from 1 to 1,000,000,000 steps, not \"lots\"\n"
        "my.yaml:4:3: training.seq_len must be a whole number from 2 to 1,048,576 tokens, not a list\n"
        "my.yaml:6:14: memory.budget_gb must be a number from 0 to 16,384 GiB, not \"-3\"\n"
        "my.yaml:7:3: \"budget_gb\" stands here a second time; the first is in line 6\n"
        "my.yaml:8:1: there is no section \"trianing\"; did you mean training?\n"
        "my.yaml:10:1: log is a section: its keys stand indented below it\n"
        "my.yaml:14:3: health.stale_after_s has no value; it must be a number from 1 to 86,400 s\n");
}

TEST(ConfigFile, AliasesAreReadAndCountAsTheSameKey)
{
    EXPECT_EQ(valuesOf("memory_threshold_percentage: 75\ntraining:\n  batch_size_reduction_factor: 0.25\n"),
        "memory.threshold_percentage=75\nmemory.batch_size_reduction_factor=0.25\n");
    EXPECT_EQ(problemsOf("memory_threshold_percentage: 75\nmemory:\n  threshold_percentage: 70\n"),
        "my.yaml:3:3: memory.threshold_percentage is set a second time: memory_threshold_percentage in line 1 means the "
        "same\n");
}

TEST(ConfigFile, AnEmptyFileAndEmptySectionsSayNothing)
{
    for (const auto* text : { "", "\n\n", "# only a comment\n", "---\n", "training:\n", "training: {}\n", "~\n" }) {
        EXPECT_EQ(valuesOf(text), "") << text;
    }
}

TEST(ConfigFile, AnEmptyPathIsAValue) { EXPECT_EQ(valuesOf("data:\n  path:\n"), "data.path=\n"); }

TEST(ConfigFile, AnchorsFlowStyleQuotesAndAByteOrderMarkAreRead)
{
    EXPECT_EQ(valuesOf("\xEF\xBB\xBFtraining: {steps: &n 50, 'warmup_steps': *n}\r\ndata: {path: \"a: b # c\"}\r\n"),
        "training.steps=50\ntraining.warmup_steps=50\ndata.path=a: b # c\n");
}

TEST(ConfigFile, BrokenYamlIsAProblemWithALine)
{
    EXPECT_TRUE(problemsOf("training:\n\tsteps: 4\n").starts_with("my.yaml:2:")) << problemsOf("training:\n\tsteps: 4\n");
    EXPECT_NE(problemsOf("training: {steps: 4\n").find("is no valid YAML"), std::string::npos);
    EXPECT_NE(problemsOf("a: b: c\n").find("my.yaml:1:"), std::string::npos);
}

TEST(ConfigFile, WhatIsNoConfigurationIsRefusedInASentence)
{
    EXPECT_NE(problemsOf("- 1\n- 2\n").find("consists of sections"), std::string::npos);
    EXPECT_NE(problemsOf("just words").find("consists of sections"), std::string::npos);
    EXPECT_NE(problemsOf("training:\n  steps: 4\n---\ntraining:\n  steps: 5\n").find("more than one document"), std::string::npos);
    EXPECT_NE(problemsOf(std::string("a\0b", 3)).find("no UTF-8"), std::string::npos);
    EXPECT_NE(problemsOf("\xFF\xFE" "t").find("no UTF-8"), std::string::npos);
    EXPECT_NE(problemsOf("[1]: 2\n").find("a key is a plain word"), std::string::npos);
}

TEST(ConfigFile, BombsDeepNestingAndHugeFilesAreRefused)
{
    std::string bomb = "a0: &a0 [x, x]\n";
    for (int i = 1; i < 40; ++i) {
        const auto one = std::to_string(i);
        const auto before = std::to_string(i - 1);
        bomb += "a" + one + ": &a" + one + " [*a" + before + ", *a" + before + "]\n";
    }
    EXPECT_FALSE(problemsOf(bomb).empty());
    for (const auto* piece : { "[", "{", "- ", "? ", "{a: ", "a: ", "!", "&a ", "*a ", "%", "|", "\xff", "'", "\"", ":", "," }) {
        EXPECT_FALSE(problemsOf("x:" + repeated(piece, 60000)).empty()) << piece;
    }
    EXPECT_NE(problemsOf(repeated("[", 60000)).find("nested too deeply"), std::string::npos);
    EXPECT_NE(problemsOf(repeated("#", kLargestConfigFile + 1)).find("is larger than 256 KiB"), std::string::npos);
    EXPECT_FALSE(problemsOf("training: &a\n  steps: *a\n").empty());
}

TEST(ConfigFile, TheNumberOfProblemsIsBounded)
{
    std::string text;
    for (int i = 0; i < 5000; ++i) {
        text += "key" + std::to_string(i) + ": 1\n";
    }
    const auto reading = readConfigText(text, "my.yaml");
    EXPECT_EQ(reading.problems.size(), kMostProblems);
    EXPECT_EQ(reading.problems.back().message, "has more problems than are listed here");
}

TEST(ConfigFile, ForeignTextIsEscapedInMessages)
{
    EXPECT_EQ(problemsOf("\"\\e[2J\": 1\n").find('\x1b'), std::string::npos);
    EXPECT_EQ(problemsOf("log: {level: \"\\e[2J\"}\n").find('\x1b'), std::string::npos);
}

TEST(ConfigFile, AnAbsentFileIsNotFoundAndNamed)
{
    const TemporaryFolder folder;
    const auto reading = readConfigFile(folder.path() / "none.yaml");
    ASSERT_EQ(reading.problems.size(), 1U);
    EXPECT_EQ(reading.problems[0].code, ErrorCode::NotFound);
    EXPECT_EQ(reading.problems[0].where, (folder.path() / "none.yaml").string());
    EXPECT_EQ(readConfigFile(folder.path()).problems.at(0).code, ErrorCode::Usage);
}

} // namespace
} // namespace dubito::config
