// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/base/AtomicFile.h"

#include "tests/support/TemporaryFolder.h"

#include <gtest/gtest.h>

namespace dubito {
namespace {

TEST(AtomicFile, WhatIsNotCommittedLeavesTheOldFileAndNothingBeside)
{
    const TemporaryFolder folder;
    const auto path = folder.path() / "a.txt";
    ASSERT_TRUE(writeAtomically(path, "old"));
    {
        auto file = AtomicFile::create(path);
        ASSERT_TRUE(file);
        ASSERT_TRUE(file->write("half of the n"));
    }
    EXPECT_EQ(*readText(path), "old");
    EXPECT_EQ(folder.names(), std::vector<std::string> { "a.txt" });
}

TEST(AtomicFile, ACommitReplacesTheOldFile)
{
    const TemporaryFolder folder;
    const auto path = folder.path() / "a.txt";
    ASSERT_TRUE(writeAtomically(path, "old"));
    ASSERT_TRUE(writeAtomically(path, "new"));
    EXPECT_EQ(*readText(path), "new");
    EXPECT_EQ(folder.names(), std::vector<std::string> { "a.txt" });
}

TEST(AtomicFile, AFolderThatIsNotThereIsAnOutputErrorThatNamesThePath)
{
    const TemporaryFolder folder;
    const auto written = writeAtomically(folder.path() / "absent" / "a.txt", "x");
    ASSERT_FALSE(written);
    EXPECT_EQ(written.error().code, ErrorCode::Output);
    EXPECT_NE(written.error().where.find("absent/a.txt"), std::string::npos);
}

TEST(AtomicFile, AFileLargerThanExpectedIsNotRead)
{
    const TemporaryFolder folder;
    const auto path = folder.path() / "a.txt";
    ASSERT_TRUE(writeAtomically(path, std::string(2 << 20, 'x')));
    EXPECT_FALSE(readText(path, 1 << 20));
}

} // namespace
} // namespace dubito
