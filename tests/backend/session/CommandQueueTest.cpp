// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/session/CommandQueue.h"

#include <gtest/gtest.h>

#include <thread>

namespace dubito::session {
namespace {

TEST(CommandQueue, GivesCommandsInTheirOrder)
{
    CommandQueue queue;
    EXPECT_FALSE(queue.pop());
    ASSERT_TRUE(queue.push(Pause {}));
    ASSERT_TRUE(queue.push(Stop {}));
    EXPECT_EQ(queue.size(), 2U);
    EXPECT_TRUE(queue.holds<Stop>());
    EXPECT_FALSE(queue.holds<Resume>());
    EXPECT_TRUE(std::holds_alternative<Pause>(*queue.pop()));
    EXPECT_TRUE(std::holds_alternative<Stop>(*queue.pop()));
    EXPECT_FALSE(queue.holds<Stop>());
}

TEST(CommandQueue, RefusesTheSeventeenthAndTakesItOnceThereIsRoom)
{
    CommandQueue queue;
    for (std::size_t i = 0; i < CommandQueue::kCapacity; ++i) {
        ASSERT_TRUE(queue.push(Pause {}));
    }
    const auto refused = queue.push(Stop {});
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::Refused);
    queue.pop();
    EXPECT_TRUE(queue.push(Stop {}));
    EXPECT_TRUE(queue.holds<Stop>());
    queue.clear();
    EXPECT_EQ(queue.size(), 0U);
}

TEST(CommandQueue, ACommandAStopAndNothingAtAllEndTheWait)
{
    CommandQueue queue;
    queue.wait({}, std::chrono::nanoseconds(1));
    {
        std::jthread waiting([&](std::stop_token stop) { queue.wait(stop, std::chrono::hours(1)); });
        ASSERT_TRUE(queue.push(Pause {}));
    }
    queue.clear();
    std::jthread waiting([&](std::stop_token stop) { queue.wait(stop, std::chrono::hours(1)); });
    waiting.request_stop();
}

} // namespace
} // namespace dubito::session
