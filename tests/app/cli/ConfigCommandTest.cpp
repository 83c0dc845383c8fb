// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/ConfigCommand.h"

#include "tests/support/TemporaryFolder.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

namespace dubito::app {
namespace {

struct Printed {
    int exitCode = -1;
    std::string out;
    std::string problems;
};

Printed shown(const config::ConfigSources& sources, ReportForm form = ReportForm::Text)
{
    std::ostringstream out;
    std::ostringstream problems;
    const int exitCode = showConfig(sources, form, out, problems);
    return { exitCode, out.str(), problems.str() };
}

Printed checked(const std::filesystem::path& file)
{
    std::ostringstream out;
    std::ostringstream problems;
    const int exitCode = checkConfig(file, out, problems);
    return { exitCode, out.str(), problems.str() };
}

TEST(ConfigCommand, ShowPrintsEveryValueWithItsOrigin)
{
    const auto printed = shown({ .flags = { { "training.steps", "7", "--steps" } } });
    EXPECT_EQ(printed.exitCode, 0);
    EXPECT_NE(printed.out.find("flag: --steps"), std::string::npos) << printed.out;
    EXPECT_NE(printed.out.find("memory.pause_available_gb"), std::string::npos);
    EXPECT_EQ(printed.problems, "");
}

TEST(ConfigCommand, ShowAsJsonIsAnArray)
{
    const auto printed = shown({}, ReportForm::Json);
    EXPECT_EQ(printed.exitCode, 0);
    EXPECT_TRUE(printed.out.starts_with("[")) << printed.out.substr(0, 40);
}

TEST(ConfigCommand, ShowWithAProblemPrintsNoValuesAndEndsWithUsage)
{
    const auto printed = shown({ .environment = { { "DUBITO_TRAINING_STEPS", "x" }, { "DUBITO_TRAINING_STEP", "1" } } });
    EXPECT_EQ(printed.exitCode, 2);
    EXPECT_EQ(printed.out, "");
    EXPECT_NE(printed.problems.find("warning: DUBITO_TRAINING_STEP: "), std::string::npos) << printed.problems;
    EXPECT_NE(printed.problems.find("dubito: DUBITO_TRAINING_STEPS: "), std::string::npos) << printed.problems;
}

TEST(ConfigCommand, CheckSaysThatAFileIsGoodOrAllThatIsWrong)
{
    const TemporaryFolder folder;
    const auto good = checked(folder.write("good.yaml", "training: {steps: 5, warmup_steps: 1}\n"));
    EXPECT_EQ(good.exitCode, 0) << good.problems;
    EXPECT_NE(good.out.find("no problems, 2 values"), std::string::npos);
    const auto bad = checked(folder.write("bad.yaml", "training: {stepz: 5}\nmemory: {alert_percentage: 99}\n"));
    EXPECT_EQ(bad.exitCode, 2);
    EXPECT_EQ(std::ranges::count(bad.problems, '\n'), 2) << bad.problems;
    EXPECT_EQ(checked(folder.path() / "none.yaml").exitCode, 2);
}

TEST(ConfigCommand, WhatCannotBeWrittenIsNotDone)
{
    std::ostream full(nullptr);
    std::ostringstream problems;
    EXPECT_EQ(showConfig({}, ReportForm::Text, full, problems), 6);
}

} // namespace
} // namespace dubito::app
