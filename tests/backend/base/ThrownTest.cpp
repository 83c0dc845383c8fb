// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/base/Thrown.h"

#include <gtest/gtest.h>

#include <new>
#include <stdexcept>
#include <system_error>

namespace dubito {
namespace {

TEST(Thrown, WantOfMemoryIsMemoryAndSaysWhatToDo)
{
    const Error error = errorOf(std::make_exception_ptr(std::bad_alloc()), "thread train");
    EXPECT_EQ(error.code, ErrorCode::Memory);
    EXPECT_EQ(error.where, "thread train");
    EXPECT_NE(error.message.find("ulimit -v"), std::string::npos);
}

TEST(Thrown, SoIsWantOfThreads)
{
    const auto code = std::make_error_code(std::errc::resource_unavailable_try_again);
    const Error error = errorOf(std::make_exception_ptr(std::system_error(code)), "");
    EXPECT_EQ(error.code, ErrorCode::Memory);
    EXPECT_NE(error.message.find("ulimit -u"), std::string::npos);
}

TEST(Thrown, EverythingElseIsInternalWithItsWords)
{
    const Error error = errorOf(std::make_exception_ptr(std::runtime_error("no flour")), "");
    EXPECT_EQ(error.code, ErrorCode::Internal);
    EXPECT_EQ(error.message, "no flour");
    EXPECT_EQ(errorOf(std::make_exception_ptr(7), "").code, ErrorCode::Internal);
}

} // namespace
} // namespace dubito
