// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/SuperviseCommand.h"

#include "tests/support/ManualClock.h"
#include "tests/support/TemporaryFolder.h"

#include <gtest/gtest.h>

namespace dubito::app {
namespace {

SupervisorOptions completed(std::vector<std::string> command)
{
    SupervisorOptions options;
    options.command = std::move(command);
    completeFromCommand(options, ManualClock());
    return options;
}

TEST(SuperviseCommand, KnowsATrainingOfOursByItsName)
{
    EXPECT_TRUE(isDubitoTraining({ "build/bin/dubito", "train" }));
    EXPECT_FALSE(isDubitoTraining({ "dubito", "leak", "train" }));
    EXPECT_FALSE(isDubitoTraining({ "python3", "train" }));
    EXPECT_FALSE(isDubitoTraining({}));
}

TEST(SuperviseCommand, AForeignCommandStaysAsItIs)
{
    const auto options = completed({ "python3", "train.py" });
    EXPECT_EQ(options.command, (std::vector<std::string> { "python3", "train.py" }));
    EXPECT_TRUE(options.resumeWords.empty());
    EXPECT_TRUE(options.events.empty());
}

TEST(SuperviseCommand, ATrainingGoesOnInItsFolder)
{
    const TemporaryFolder folder;
    const std::string output = folder.path() / "run";
    const auto options = completed({ "dubito", "train", "--output=elsewhere", "--output", output });
    EXPECT_EQ(options.resumeWords, std::vector<std::string> { "--resume" });
    EXPECT_EQ(options.progress, folder.path() / "run/metrics.jsonl");
    EXPECT_EQ(options.events, folder.path() / "run/supervise.jsonl");
    const auto resumed = completed({ "dubito", "train", "--resume", "--output", output, "--metrics", "m.jsonl" });
    EXPECT_TRUE(resumed.resumeWords.empty()) << "it is there already";
    EXPECT_EQ(resumed.progress, "m.jsonl");
}

} // namespace
} // namespace dubito::app
