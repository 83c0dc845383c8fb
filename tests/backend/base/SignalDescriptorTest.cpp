// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/base/SignalDescriptor.h"

#include <csignal>
#include <gtest/gtest.h>
#include <unistd.h>

namespace dubito {
namespace {

TEST(SignalDescriptor, ASignalIsReadInsteadOfEndingTheProgram)
{
    const auto signals = SignalDescriptor::create();
    ASSERT_TRUE(signals);
    ASSERT_EQ(kill(getpid(), SIGUSR1), 0);
    EXPECT_EQ(signals->wait(std::chrono::seconds(5)), SIGUSR1);
    EXPECT_EQ(signals->wait(std::chrono::milliseconds(0)), std::nullopt);
}

TEST(SignalDescriptor, AHangUpThatIsIgnoredStaysIgnored)
{
    const auto before = std::signal(SIGHUP, SIG_IGN); // as nohup starts a program
    const auto signals = SignalDescriptor::create();
    ASSERT_TRUE(signals);
    ASSERT_EQ(kill(getpid(), SIGHUP), 0);
    EXPECT_EQ(signals->wait(std::chrono::milliseconds(0)), std::nullopt);
    std::signal(SIGHUP, before);
}

} // namespace
} // namespace dubito
