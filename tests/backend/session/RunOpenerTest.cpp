// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/session/RunOpener.h"

#include "tests/support/TemporaryFolder.h"

#include <gtest/gtest.h>

#include <chrono>
#include <thread>

namespace dubito::session {
namespace {

void waitFor(const RunOpener& opener)
{
    const auto giveUp = std::chrono::steady_clock::now() + std::chrono::seconds(40);
    while (!opener.isDone() && std::chrono::steady_clock::now() < giveUp) {
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    ASSERT_TRUE(opener.isDone());
}

TEST(RunOpener, TheRunIsThereWhenItIsDone)
{
    const TemporaryFolder folder;
    folder.write("metrics.jsonl", "{\"step\":1,\"ce\":4,\"time\":1}\n{\"step\":2,\"ce\":3,\"time\":2}\n");
    RunOpener opener(folder.path());
    waitFor(opener);
    const auto run = opener.take();
    ASSERT_TRUE(run) << toText(run.error());
    EXPECT_EQ((*run)->snapshot().run.step, 2);
    EXPECT_EQ(opener.share(), 1);
}

TEST(RunOpener, AFolderThatHoldsNoRunIsAnError)
{
    const TemporaryFolder folder;
    RunOpener opener(folder.path());
    waitFor(opener);
    const auto run = opener.take();
    ASSERT_FALSE(run);
    EXPECT_EQ(run.error().code, ErrorCode::NotFound);
}

TEST(RunOpener, ItCanBeGivenUpAtAnyTime)
{
    const TemporaryFolder folder;
    std::string text;
    for (int step = 1; step < 200'000; ++step) {
        text += "{\"step\":" + std::to_string(step) + ",\"ce\":4,\"time\":1}\n";
    }
    folder.write("metrics.jsonl", text);
    const RunOpener opener(folder.path());
}

} // namespace
} // namespace dubito::session
