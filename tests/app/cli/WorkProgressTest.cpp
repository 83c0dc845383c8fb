// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/WorkProgress.h"

#include "tests/support/ManualClock.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>
#include <unistd.h>

namespace dubito::app {
namespace {

using std::chrono::seconds;

TEST(WorkProgress, SaysHowMuchIsDoneAndHowLongTheRestTakes)
{
    EXPECT_EQ(workLine("scores corpus.jsonl", 0.25, seconds(30)), "███░░░░░░░░░  25 %  scores corpus.jsonl  1:30 left");
}

TEST(WorkProgress, SaysNothingAboutTheRestBeforeItKnowsAndWhenThereIsNone)
{
    EXPECT_EQ(workLine("scores", 0.001, seconds(3)), "░░░░░░░░░░░░   0 %  scores");
    EXPECT_EQ(workLine("scores", 1, seconds(3)), "████████████ 100 %  scores");
}

TEST(WorkProgress, InALogALineComesEveryTenSeconds)
{
    ManualClock clock;
    WorkProgress progress(Progress::Form::Lines, clock);
    testing::internal::CaptureStderr();
    for (int i = 1; i <= 25; ++i) {
        clock.advance(seconds(1));
        progress.show("scores", 0.04 * i);
    }
    const std::string text = testing::internal::GetCapturedStderr();
    EXPECT_EQ(std::ranges::count(text, '\n'), 2) << text;
}

TEST(WorkProgress, ASignalAsksTheWorkToStop)
{
    const auto signals = SignalDescriptor::create();
    ASSERT_TRUE(signals);
    std::stop_source stop;
    stopOnSignal(*signals, stop);
    EXPECT_FALSE(stop.stop_requested());
    ::kill(::getpid(), SIGTERM); // to the process: its descriptor reads it
    stopOnSignal(*signals, stop);
    EXPECT_TRUE(stop.stop_requested());
}

} // namespace
} // namespace dubito::app
