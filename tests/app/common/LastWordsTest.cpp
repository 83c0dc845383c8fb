// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/common/LastWords.h"

#include <gtest/gtest.h>

#include <csignal>
#include <exception>
#include <new>
#include <stdexcept>
#include <system_error>

namespace dubito::app {
namespace {

/// Thrown where nobody catches it.
template <typename Thrown>
void throwPastEverybody(const Thrown& thrown) noexcept
{
    std::rethrow_exception(std::make_exception_ptr(thrown));
}

class LastWordsDeathTest : public testing::Test {
protected:
    void SetUp() override { GTEST_FLAG_SET(death_test_style, "threadsafe"); }
};

TEST_F(LastWordsDeathTest, WantOfMemoryIsASentenceAndItsExitCode)
{
    EXPECT_EXIT(
        {
            speakLastWords();
            throwPastEverybody(std::bad_alloc());
        },
        testing::ExitedWithCode(4), "no more memory to give.*ulimit -v");
}

TEST_F(LastWordsDeathTest, SoIsWantOfThreads)
{
    EXPECT_EXIT(
        {
            speakLastWords();
            throwPastEverybody(std::system_error(std::make_error_code(std::errc::resource_unavailable_try_again)));
        },
        testing::ExitedWithCode(4), "no more threads.*training.threads");
}

TEST_F(LastWordsDeathTest, ADefectSaysItsWordsAndAborts)
{
    EXPECT_EXIT(
        {
            speakLastWords();
            throwPastEverybody(std::runtime_error("no flour"));
        },
        testing::KilledBySignal(SIGABRT), "internal error: no flour");
}

} // namespace
} // namespace dubito::app
