// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/train/CheckpointWriter.h"

#include "tests/support/CheckpointSample.h"
#include "tests/support/FakeTensorMemory.h"
#include "tests/support/TemporaryFolder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace dubito::train {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

/// A door on which the writing thread waits inside beforePublish.
class Door {
public:
    void open()
    {
        m_isOpen.update([](bool& isOpen) { isOpen = true; });
    }
    Result<void> pass() const
    {
        m_isOpen.waitFor({}, std::chrono::seconds(30), [](bool isOpen) { return isOpen; });
        return {};
    }

private:
    Guarded<bool> m_isOpen { false };
};

class CheckpointWriterTest : public testing::Test {
protected:
    CheckpointRules rules() const { return { .runFolder = m_folder.path(), .saveTotalLimit = 2, .beforePublish = {} }; }

    TemporaryFolder m_folder;
    FakeTensorMemory m_memory;
    CheckpointSample m_sample { 10 };
};

TEST_F(CheckpointWriterTest, TheCopyIsWrittenNotWhatBecameOfTheStateMeanwhile)
{
    Door door;
    auto slow = rules();
    slow.beforePublish = [&](std::int64_t) { return door.pass(); };
    CheckpointWriter writer(slow, m_sample.companions, m_memory);
    const auto before = m_sample.parameters;
    ASSERT_TRUE(writer.submit(m_sample.view()));
    std::ranges::fill(m_sample.parameters, 0.0F);
    m_sample.layout = {};
    door.open();
    const auto saved = writer.wait();
    ASSERT_TRUE(saved && *saved) << toText(saved->error());
    auto loaded = CheckpointSample::empty();
    ASSERT_TRUE(loadCheckpoint((*saved)->directory, loaded.target()));
    EXPECT_EQ(loaded.parameters, before);
}

TEST_F(CheckpointWriterTest, OneIsInFlightAtMostAndItsResultComesOnce)
{
    Door door;
    auto slow = rules();
    slow.beforePublish = [&](std::int64_t) { return door.pass(); };
    CheckpointWriter writer(slow, m_sample.companions, m_memory);
    EXPECT_FALSE(writer.isBusy());
    ASSERT_TRUE(writer.submit(m_sample.view()));
    EXPECT_TRUE(writer.isBusy());
    EXPECT_FALSE(writer.poll());
    EXPECT_EQ(writer.submit(m_sample.view()).error().code, ErrorCode::Refused);
    door.open();
    EXPECT_TRUE(writer.wait());
    EXPECT_FALSE(writer.isBusy());
    EXPECT_FALSE(writer.poll());
    EXPECT_TRUE(writer.submit(m_sample.view()));
}

TEST_F(CheckpointWriterTest, ACopyThatDoesNotFitTheBudgetIsRefusedWholeAndTheSynchronousWayWorks)
{
    const auto bytes = static_cast<std::int64_t>(m_sample.parameters.size() * sizeof(float));
    m_memory.setLimit(2 * bytes);
    CheckpointWriter writer(rules(), m_sample.companions, m_memory);
    const auto submitted = writer.submit(m_sample.view());
    ASSERT_FALSE(submitted);
    EXPECT_EQ(submitted.error().code, ErrorCode::Memory);
    EXPECT_EQ(m_memory.active(), 0);
    EXPECT_FALSE(writer.isBusy());
    const auto saved = writer.writeNow(m_sample.view());
    ASSERT_TRUE(saved) << toText(saved.error());
    EXPECT_EQ(saved->directory.filename(), "checkpoint-10");
}

TEST_F(CheckpointWriterTest, TheMemoryOfTheCopyIsGivenBackBeforeTheResultIsThere)
{
    CheckpointWriter writer(rules(), m_sample.companions, m_memory);
    ASSERT_TRUE(writer.submit(m_sample.view()));
    ASSERT_TRUE(writer.wait());
    EXPECT_EQ(m_memory.active(), 0);
    EXPECT_EQ(m_memory.allocations(), 3);
}

TEST_F(CheckpointWriterTest, LinksAndTheLimitFollowAGoodCheckpoint)
{
    CheckpointWriter writer(rules(), m_sample.companions, m_memory);
    ASSERT_TRUE(writer.writeNow(CheckpointSample(10).view(), { CheckpointLink::Best }));
    for (const std::int64_t step : { 20, 30, 40 }) {
        ASSERT_TRUE(writer.writeNow(CheckpointSample(step).view(), { CheckpointLink::Final }));
    }
    EXPECT_THAT(
        m_folder.names(), ElementsAre("checkpoint-10", "checkpoint-30", "checkpoint-40", "checkpoint-best", "final"));
    EXPECT_EQ(linkedStep(m_folder.path(), CheckpointLink::Final), 40);
}

TEST_F(CheckpointWriterTest, AFailureIsReportedAndTheNextCheckpointIsWritten)
{
    int calls = 0;
    auto failing = rules();
    failing.beforePublish = [&](std::int64_t) -> Result<void> {
        return ++calls == 1 ? Result<void>(Error { ErrorCode::Output, "no space", "metrics.jsonl" }) : Result<void>();
    };
    CheckpointWriter writer(failing, m_sample.companions, m_memory);
    ASSERT_TRUE(writer.submit(m_sample.view()));
    const auto failed = writer.wait();
    ASSERT_TRUE(failed);
    ASSERT_FALSE(*failed);
    EXPECT_EQ(failed->error().code, ErrorCode::Output);
    ASSERT_TRUE(writer.submit(m_sample.view()));
    EXPECT_TRUE(*writer.wait());
}

TEST_F(CheckpointWriterTest, WhatIsThrownOnTheWritingThreadIsAnErrorToo)
{
    auto throwing = rules();
    throwing.beforePublish = [](std::int64_t) -> Result<void> { throw std::runtime_error("thrown"); };
    CheckpointWriter writer(throwing, m_sample.companions, m_memory);
    ASSERT_TRUE(writer.submit(m_sample.view()));
    EXPECT_THAT(writer.wait()->error().message, HasSubstr("thrown"));
    ASSERT_TRUE(writer.submit(m_sample.view()));
    EXPECT_TRUE(writer.wait());
}

TEST_F(CheckpointWriterTest, WhatWasSubmittedIsWrittenEvenWhenTheWriterGoes)
{
    {
        CheckpointWriter writer(rules(), m_sample.companions, m_memory);
        ASSERT_TRUE(writer.submit(m_sample.view()));
    }
    EXPECT_TRUE(verifyCheckpoint(m_folder.path() / "checkpoint-10"));
    EXPECT_EQ(m_memory.active(), 0);
}

TEST_F(CheckpointWriterTest, TheSynchronousWayWaitsForTheOneInFlight)
{
    CheckpointWriter writer(rules(), m_sample.companions, m_memory);
    ASSERT_TRUE(writer.submit(m_sample.view()));
    ASSERT_TRUE(writer.writeNow(CheckpointSample(20).view()));
    EXPECT_THAT(checkpointsIn(m_folder.path()), ElementsAre(10, 20));
    EXPECT_TRUE(*writer.poll());
}

TEST_F(CheckpointWriterTest, TheRemainsOfAKilledProcessAreCleanedAway)
{
    m_folder.write("checkpoint-5.partial-4711/model.safetensors", "half");
    CheckpointWriter writer(rules(), m_sample.companions, m_memory);
    ASSERT_TRUE(writer.writeNow(m_sample.view()));
    EXPECT_THAT(m_folder.names(), ElementsAre("checkpoint-10"));
}

} // namespace
} // namespace dubito::train
