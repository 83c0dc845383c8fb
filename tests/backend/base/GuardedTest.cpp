// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/base/Guarded.h"

#include "backend/base/Worker.h"

#include <gtest/gtest.h>

namespace dubito {
namespace {

TEST(Guarded, AWaiterSeesTheChangeOfAnotherThread)
{
    Guarded<int> value(0);
    Worker worker(
        "adder",
        [&](std::stop_token) {
            for (int i = 0; i < 100; ++i) {
                value.update([](int& v) { ++v; });
            }
        },
        [](const Error&) { FAIL(); });
    EXPECT_TRUE(value.waitFor({}, std::chrono::seconds(30), [](int v) { return v == 100; }));
}

TEST(Guarded, AChangeReturnsWhatItSays)
{
    Guarded<int> value(4);
    EXPECT_EQ(value.update([](int& v) { return v++; }), 4);
    EXPECT_EQ(value.read([](int v) { return v * 2; }), 10);
}

} // namespace
} // namespace dubito
