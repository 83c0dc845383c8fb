// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/SupervisedProcess.h"

#include <gtest/gtest.h>

#include <csignal>
#include <poll.h>
#include <sys/wait.h>

namespace dubito::app {
namespace {

int waitFor(SupervisedProcess& process)
{
    constexpr int kPatience = 30'000;
    pollfd ended { .fd = process.descriptor(), .events = POLLIN, .revents = 0 };
    EXPECT_EQ(::poll(&ended, 1, kPatience), 1) << "its descriptor tells that it has ended";
    const auto status = process.status();
    EXPECT_TRUE(status.has_value());
    return status.value_or(-1);
}

TEST(SupervisedProcess, TellsHowItEnded)
{
    auto process = SupervisedProcess::start({ "/bin/sh", "-c", "exit 3" });
    ASSERT_TRUE(process) << toText(process.error());
    const int status = waitFor(*process);
    ASSERT_TRUE(WIFEXITED(status));
    EXPECT_EQ(WEXITSTATUS(status), 3);
}

TEST(SupervisedProcess, ASignalReachesIt)
{
    auto process = SupervisedProcess::start({ "/bin/sleep", "1000" });
    ASSERT_TRUE(process);
    EXPECT_FALSE(process->status());
    process->signal(SIGTERM);
    EXPECT_TRUE(WIFSIGNALED(waitFor(*process)));
}

TEST(SupervisedProcess, WhatItLeavesBehindIsEnded)
{
    auto process = SupervisedProcess::start({ "/bin/sh", "-c", "sleep 1000 & echo $! >&2; exit 0" });
    ASSERT_TRUE(process);
    waitFor(*process);
    process->endRemainder(std::chrono::seconds(20));
    EXPECT_EQ(::waitpid(-1, nullptr, WNOHANG), -1) << "no child is left";
}

TEST(SupervisedProcess, AProgramThatIsNotThereIsAnErrorAndNoProcess)
{
    const auto process = SupervisedProcess::start({ "/no/such/program" });
    ASSERT_FALSE(process);
    EXPECT_EQ(process.error().code, ErrorCode::NotFound);
    EXPECT_EQ(process.error().where, "/no/such/program");
}

} // namespace
} // namespace dubito::app
