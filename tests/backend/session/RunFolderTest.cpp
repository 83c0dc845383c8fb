// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/session/RunFolder.h"

#include "tests/support/ManualClock.h"
#include "tests/support/TemporaryFolder.h"

#include <gtest/gtest.h>

namespace dubito::session {
namespace {

class RunFolderTest : public testing::Test {
protected:
    Result<RunFolder> open(Resuming resuming = Resuming::No)
    {
        config::Training training;
        training.output = (m_folder.path() / "run").string();
        return RunFolder::open(training, "tiny", m_clock, resuming);
    }

    TemporaryFolder m_folder;
    ManualClock m_clock;
};

TEST_F(RunFolderTest, IsCreatedAndKnowsWhereEverythingStands)
{
    const auto folder = open();
    ASSERT_TRUE(folder);
    EXPECT_TRUE(std::filesystem::is_directory(folder->path()));
    EXPECT_EQ(folder->name(), "run");
    EXPECT_EQ(folder->metrics(), folder->path() / "metrics.jsonl");
    EXPECT_EQ(folder->events(), folder->path() / "events.jsonl");
    EXPECT_EQ(folder->effectiveConfig(), folder->path() / "run.yaml");
}

TEST_F(RunFolderTest, ASecondProcessIsKeptOutUntilTheFirstIsDone)
{
    {
        const auto first = open();
        ASSERT_TRUE(first);
        const auto second = open(Resuming::Yes);
        ASSERT_FALSE(second);
        EXPECT_EQ(second.error().code, ErrorCode::Usage);
        EXPECT_NE(second.error().message.find("another process"), std::string::npos);
    }
    EXPECT_TRUE(open());
}

TEST_F(RunFolderTest, OneThatWasRemovedIsMadeAgainAndLocked)
{
    auto folder = open();
    ASSERT_TRUE(folder);
    EXPECT_TRUE(folder->isInPlace());
    std::filesystem::remove_all(folder->path());
    EXPECT_FALSE(folder->isInPlace());
    ASSERT_TRUE(folder->makeAgain());
    EXPECT_TRUE(folder->isInPlace());
    EXPECT_FALSE(open(Resuming::Yes)) << "another process is kept out of the new one";
}

TEST_F(RunFolderTest, OneThatAnotherRunHasTakenMeanwhileIsLeftToIt)
{
    auto folder = open();
    ASSERT_TRUE(folder);
    std::filesystem::rename(folder->path(), m_folder.path() / "archive");
    const auto theirs = open();
    ASSERT_TRUE(theirs);
    EXPECT_FALSE(folder->isInPlace());
    const auto made = folder->makeAgain();
    ASSERT_FALSE(made);
    EXPECT_EQ(made.error().code, ErrorCode::Output);
    EXPECT_NE(made.error().message.find("another process"), std::string::npos) << made.error().message;
}

TEST_F(RunFolderTest, AMovedFolderKeepsItsLock)
{
    auto first = open();
    ASSERT_TRUE(first);
    const RunFolder moved = std::move(*first);
    EXPECT_FALSE(open());
}

TEST_F(RunFolderTest, TwoRunsThatBeginInTheSameSecondHaveFoldersOfTheirOwn)
{
    const auto before = std::filesystem::current_path();
    std::filesystem::current_path(m_folder.path());
    const auto first = RunFolder::open({}, "tiny", m_clock, Resuming::No);
    const auto second = RunFolder::open({}, "tiny", m_clock, Resuming::No);
    std::filesystem::current_path(before);
    ASSERT_TRUE(first && second);
    EXPECT_TRUE(first->name().ends_with("-tiny")) << first->name();
    EXPECT_EQ(second->name(), first->name() + "-2");
}

TEST_F(RunFolderTest, AUsedFolderIsRefusedButForAResume)
{
    for (const char* name : { "run.yaml", "metrics.jsonl", "events.jsonl", "checkpoint-7" }) {
        std::filesystem::remove_all(m_folder.path() / "run");
        m_folder.write(std::string("run/") + name, "");
        const auto refused = open();
        ASSERT_FALSE(refused) << name;
        EXPECT_EQ(refused.error().code, ErrorCode::Usage);
        EXPECT_NE(refused.error().message.find("--resume"), std::string::npos);
        EXPECT_TRUE(open(Resuming::Yes)) << "the refusal gave its lock back";
    }
}

TEST_F(RunFolderTest, WhatIsNoRunDoesNotMakeAFolderUsed)
{
    m_folder.write("run/notes.txt", "my notes");
    EXPECT_TRUE(open());
}

TEST_F(RunFolderTest, AFileInItsPlaceIsRefusedInWords)
{
    m_folder.write("run", "a file");
    const auto refused = open();
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::Output);
    EXPECT_NE(refused.error().message.find("--output"), std::string::npos);
}

TEST_F(RunFolderTest, TheMetricsMayStandElsewhere)
{
    config::Training training;
    training.output = (m_folder.path() / "run").string();
    training.metrics = (m_folder.path() / "mine.jsonl").string();
    const auto folder = RunFolder::open(training, "tiny", m_clock, Resuming::No);
    ASSERT_TRUE(folder);
    EXPECT_EQ(folder->metrics(), m_folder.path() / "mine.jsonl");
}

} // namespace
} // namespace dubito::session
