// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/base/Worker.h"

#include "backend/base/Guarded.h"

#include <gtest/gtest.h>
#include <stdexcept>

namespace dubito {
namespace {

TEST(Worker, WhatTheWorkThrowsArrivesAsAnErrorThatNamesTheThread)
{
    Guarded<std::string> seen;
    {
        Worker worker(
            "baker", [](std::stop_token) { throw std::runtime_error("no flour"); },
            [&](const Error& error) { seen.update([&](std::string& text) { text = toText(error); }); });
    }
    EXPECT_EQ(seen.copy(), "thread baker: no flour");
}

TEST(Worker, AStopWakesAWorkerThatWaits)
{
    const Guarded<bool> never;
    Worker worker(
        "sleeper",
        [&](std::stop_token stop) { never.waitFor(stop, std::chrono::hours(1), [](bool value) { return value; }); },
        [](const Error&) { FAIL(); });
    worker.requestStop();
    worker.join();
    EXPECT_FALSE(worker.isRunning());
}

} // namespace
} // namespace dubito
