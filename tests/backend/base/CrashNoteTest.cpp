// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/base/CrashNote.h"

#include "tests/support/TemporaryFolder.h"

#include <gtest/gtest.h>

#include <csignal>
#include <fcntl.h>
#include <iterator>

namespace dubito {
namespace {

std::string contentOf(const std::filesystem::path& file)
{
    std::ifstream in(file, std::ios::binary);
    return { std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>() };
}

TEST(CrashNoteDeathTest, TheSignalIsWrittenAndThenDoesWhatItAlwaysDid)
{
    GTEST_FLAG_SET(death_test_style, "fast");
    const TemporaryFolder folder;
    const auto file = folder.write("note", "{\"crash\":00}");
    EXPECT_EXIT(
        {
            leaveCrashNotes();
            setCrashNotePlace(::open(file.c_str(), O_RDWR), 9);
            std::raise(SIGABRT);
        },
        testing::KilledBySignal(SIGABRT), "");
    EXPECT_EQ(contentOf(file), "{\"crash\": 6}");
}

TEST(CrashNoteDeathTest, WithoutAPlaceNothingIsWritten)
{
    GTEST_FLAG_SET(death_test_style, "fast");
    EXPECT_EXIT(
        {
            leaveCrashNotes();
            setCrashNotePlace(-1, 0);
            std::raise(SIGFPE);
        },
        testing::KilledBySignal(SIGFPE), "");
}

} // namespace
} // namespace dubito
