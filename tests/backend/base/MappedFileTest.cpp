// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/base/MappedFile.h"

#include "tests/support/TemporaryFolder.h"

#include <gtest/gtest.h>

namespace dubito {
namespace {

TEST(MappedFile, APartBeyondTheEndIsAnErrorThatSaysHowShortTheFileIs)
{
    const TemporaryFolder folder;
    const auto path = folder.write("a.bin", "0123456789");
    const auto file = MappedFile::open(path);
    ASSERT_TRUE(file);
    EXPECT_EQ(file->part(2, 3)->size(), 3U);
    const auto beyond = file->part(8, 3);
    ASSERT_FALSE(beyond);
    EXPECT_NE(beyond.error().message.find("10 bytes"), std::string::npos);
    EXPECT_FALSE(file->part(UINT64_MAX, 2));
    EXPECT_FALSE(file->part(2, UINT64_MAX));
}

TEST(MappedFile, AnEmptyFileIsAnEmptySpan)
{
    const TemporaryFolder folder;
    const auto file = MappedFile::open(folder.write("empty", ""));
    ASSERT_TRUE(file);
    EXPECT_TRUE(file->bytes().empty());
}

TEST(MappedFile, AFolderAndAnAbsentFileAreErrors)
{
    const TemporaryFolder folder;
    EXPECT_FALSE(MappedFile::open(folder.path()));
    const auto absent = MappedFile::open(folder.path() / "absent");
    ASSERT_FALSE(absent);
    EXPECT_EQ(absent.error().code, ErrorCode::NotFound);
}

} // namespace
} // namespace dubito
