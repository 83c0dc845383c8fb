// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/common/GoOn.h"

#include "tests/app/SmallRun.h"

#include <gtest/gtest.h>

namespace dubito::app {
namespace {

TEST(GoOn, NamesTheFolderAndItsOwnConfiguration)
{
    const TemporaryFolder folder;
    const std::string path = folder.path().string();
    EXPECT_EQ(wordsToGoOn(folder.path()), (std::vector<std::string> { "--start", "--resume", "--output", path }));
    folder.write("run.yaml", "training:\n  seed: 43\n");
    EXPECT_EQ(wordsToGoOn(folder.path()),
        (std::vector<std::string> { "--start", "--resume", "--output", path, "--config", path + "/run.yaml" }));
}

/// The run of a night that was killed, and the window that goes on with it: by the words that Resume starts it with.
TEST(GoOn, TheWindowGoesOnFromTheNewestCheckpointAndTheLossIsThatOfAnUndisturbedRun)
{
    const SmallRun::Words longer { "--steps", "400", "--checkpoint-interval", "20" };
    const SmallRun run;
    Process night(DUBITO_PROGRAM, run.train(longer));
    ASSERT_TRUE(night.waitUntil([&] { return std::filesystem::exists(run.output() / "checkpoint-40"); })) << night.err();
    night.kill();

    const std::string own = run.folder().path();
    const auto picture = run.folder().path() / "window.png";
    Process window(DUBITO_DASHBOARD,
        with(wordsToGoOn(run.output()), { "--screenshot", picture, "--after-steps", "400", "--size", "1000", "700" }),
        { .environment = { { "QT_QPA_PLATFORM", "offscreen" }, { "TMPDIR", own }, { "XDG_CONFIG_HOME", own } } });
    ASSERT_TRUE(window.wait()) << window.err();
    ASSERT_EQ(window.exitCode(), 0) << window.err();

    const auto resumed = run.events("resume");
    ASSERT_EQ(resumed.size(), 1U);
    const auto step = resumed.front().at("step").get<std::int64_t>();
    EXPECT_GE(step, 40);
    EXPECT_EQ(step % 20, 0) << "at a checkpoint";
    EXPECT_EQ(run.crossEntropies(), undisturbed(longer));
}

} // namespace
} // namespace dubito::app
