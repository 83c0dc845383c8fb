// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/base/ThreadTime.h"

#include <gtest/gtest.h>

#include <thread>

namespace dubito {
namespace {

TEST(ThreadTime, GrowsWithWorkAndNotWithSomebodyElses)
{
    const auto begin = threadTime();
    std::chrono::nanoseconds other { 0 };
    std::thread([&] {
        volatile std::uint64_t sum = 0;
        while (threadTime() < std::chrono::milliseconds(20)) {
            sum = sum + 1;
        }
        other = threadTime();
    }).join();
    EXPECT_GE(other, std::chrono::milliseconds(20));
    EXPECT_LT(threadTime() - begin, std::chrono::milliseconds(20)) << "it waited";
}

} // namespace
} // namespace dubito
