// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/base/SignalShield.h"

#include "backend/base/Worker.h"

#include <atomic>
#include <gtest/gtest.h>
#include <pthread.h>

namespace dubito {
namespace {

volatile std::sig_atomic_t handled = 0;

void countSignal(int) { handled = handled + 1; }

class SignalShieldTest : public testing::Test {
protected:
    void SetUp() override
    {
        handled = 0;
        struct sigaction action {};
        action.sa_handler = countSignal;
        sigaction(SIGUSR2, &action, &m_before);
    }
    void TearDown() override { sigaction(SIGUSR2, &m_before, nullptr); }

private:
    struct sigaction m_before {};
};

TEST_F(SignalShieldTest, ASignalWaitsUntilTheShieldIsGone)
{
    {
        const SignalShield shield;
        raise(SIGUSR2);
        EXPECT_EQ(handled, 0);
    }
    EXPECT_EQ(handled, 1);
}

TEST_F(SignalShieldTest, AnInnerShieldDoesNotEndTheOuter)
{
    {
        const SignalShield outer;
        {
            const SignalShield inner;
        }
        raise(SIGUSR2);
        EXPECT_EQ(handled, 0);
    }
    EXPECT_EQ(handled, 1);
}

TEST_F(SignalShieldTest, AWorkerHandlesNoSignalWhileItWorks)
{
    std::atomic<int> seen = -1;
    Worker worker(
        "shielded",
        [&](std::stop_token) {
            pthread_kill(pthread_self(), SIGUSR2);
            seen = handled;
        },
        [](const Error&) {});
    worker.join();
    EXPECT_EQ(seen, 0);
}

} // namespace
} // namespace dubito
