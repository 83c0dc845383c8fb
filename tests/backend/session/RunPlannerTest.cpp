// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/session/RunPlanner.h"

#include "tests/support/TemporaryFolder.h"

#include <gtest/gtest.h>

#include <chrono>
#include <thread>

namespace dubito::session {
namespace {

TEST(RunPlanner, WhatIsShippedIsPlannedAndFits)
{
    const auto planned = planRun({});
    ASSERT_TRUE(planned) << toText(planned.error());
    EXPECT_TRUE(planned->fits());
    EXPECT_GT(planned->plan.tensorBytes(), 0);
    EXPECT_GT(planned->allowance.bytes, 0);
    EXPECT_TRUE(planned->suggestions.empty());
    EXPECT_NE(planned->corpus.find("0 lines refused"), std::string::npos) << planned->corpus;
}

TEST(RunPlanner, WhatDoesNotFitComesWithWhatWould)
{
    RunWish wish;
    wish.model = "smollm-135m";
    wish.base.training.batchSize = 512;
    wish.base.training.seqLen = 1024;
    wish.base.memory.budgetGb = 8;
    const auto planned = planRun(wish);
    ASSERT_TRUE(planned) << toText(planned.error());
    EXPECT_FALSE(planned->fits());
    ASSERT_FALSE(planned->suggestions.empty());
    EXPECT_LE(planned->suggestions.front().peakBytes, planned->allowance.bytes);
}

TEST(RunPlanner, AProfileIsLaidOverAndTheWishOverIt)
{
    ASSERT_FALSE(profileNames().empty());
    const TemporaryFolder folder;
    folder.write("mine.jsonl", "{\"text\":\"a river\"}\nnonsense\n");
    RunWish wish;
    wish.profile = profileNames().front();
    wish.data = (folder.path() / "mine.jsonl").string();
    const auto planned = planRun(wish);
    ASSERT_TRUE(planned) << toText(planned.error());
    EXPECT_EQ(planned->config.data.path, wish.data);
    EXPECT_EQ(planned->corpus, "1 document, 1 line refused");
}

TEST(RunPlanner, WhatWillNotDoIsNamed)
{
    const TemporaryFolder folder;
    folder.write("empty.jsonl", "\n");
    EXPECT_EQ(planRun({ .model = "no/such/model" }).error().code, ErrorCode::NotFound);
    EXPECT_FALSE(planRun({ .data = (folder.path() / "absent.jsonl").string() }));
    EXPECT_FALSE(planRun({ .data = (folder.path() / "empty.jsonl").string() }));
    EXPECT_FALSE(planRun({ .profile = "of another world" }));
    RunWish wish;
    wish.base.training.seqLen = 1'000'000;
    EXPECT_EQ(planRun(wish).error().code, ErrorCode::Model);
}

TEST(RunPlanner, ItWorksOnAThreadOfItsOwnAndCanBeGivenUp)
{
    RunPlanner planner({});
    const auto giveUp = std::chrono::steady_clock::now() + std::chrono::seconds(40);
    while (!planner.isDone() && std::chrono::steady_clock::now() < giveUp) {
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    ASSERT_TRUE(planner.isDone());
    EXPECT_TRUE(planner.take());
    const RunPlanner abandoned({});
}

} // namespace
} // namespace dubito::session
