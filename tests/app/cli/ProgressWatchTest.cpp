// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/ProgressWatch.h"

#include "tests/support/TemporaryFolder.h"

#include <gtest/gtest.h>

namespace dubito::app {
namespace {

TEST(ProgressWatch, WithoutAFileEverythingIsProgress)
{
    ProgressWatch watch("");
    watch.begin();
    EXPECT_TRUE(watch.hasProgressed());
}

TEST(ProgressWatch, AFileThatGrowsBeyondItselfIsProgress)
{
    const TemporaryFolder folder;
    ProgressWatch watch(folder.path() / "log");
    watch.begin();
    EXPECT_FALSE(watch.hasProgressed());
    folder.write("log", "one\n");
    EXPECT_TRUE(watch.hasProgressed());
    watch.begin();
    folder.write("log", "o");
    EXPECT_FALSE(watch.hasProgressed());
}

TEST(ProgressWatch, StepsThatAreTrainedAgainAreNone)
{
    const TemporaryFolder folder;
    folder.write("metrics.jsonl", "{\"step\": 1}\n{\"step\": 2}\n{\"step\": 3}\n");
    ProgressWatch watch(folder.path() / "metrics.jsonl");
    watch.begin();
    folder.write("metrics.jsonl", "{\"step\": 1, \"ce\": 3.3333333333333}\n{\"step\": 2, \"ce\": 3.3333333333333}\n{\"st");
    EXPECT_FALSE(watch.hasProgressed()) << "larger, and no step further";
    folder.write("metrics.jsonl", "{\"step\": 4}\n");
    EXPECT_TRUE(watch.hasProgressed());
}

} // namespace
} // namespace dubito::app
