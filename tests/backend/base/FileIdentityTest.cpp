// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/base/FileIdentity.h"

#include "tests/support/TemporaryFolder.h"

#include <gtest/gtest.h>

#include <fcntl.h>
#include <unistd.h>

namespace dubito {
namespace {

class FileIdentity : public testing::Test {
protected:
    FileIdentity()
        : m_path(m_folder.write("file", "ours"))
        , m_descriptor(::open(m_path.c_str(), O_RDONLY | O_CLOEXEC))
    {
    }
    ~FileIdentity() override { ::close(m_descriptor); }

    TemporaryFolder m_folder;
    std::filesystem::path m_path;
    int m_descriptor;
};

TEST_F(FileIdentity, AFileThatNobodyTouchedStandsWhereItWas)
{
    EXPECT_TRUE(standsAt(m_descriptor, m_path));
}

TEST_F(FileIdentity, OneThatWasRemovedOrMovedDoesNot)
{
    std::filesystem::rename(m_path, m_folder.path() / "elsewhere");
    EXPECT_FALSE(standsAt(m_descriptor, m_path));
    EXPECT_TRUE(standsAt(m_descriptor, m_folder.path() / "elsewhere"));
    std::filesystem::remove(m_folder.path() / "elsewhere");
    EXPECT_FALSE(standsAt(m_descriptor, m_folder.path() / "elsewhere"));
    EXPECT_FALSE(standsAt(m_descriptor, m_folder.path() / "elsewhere/below"));
}

TEST_F(FileIdentity, OneThatWasReplacedDoesNotEither)
{
    std::filesystem::rename(m_folder.write("other", "ours"), m_path);
    EXPECT_FALSE(standsAt(m_descriptor, m_path));
}

TEST_F(FileIdentity, WhatCannotBeLookedAtCountsAsThere)
{
    EXPECT_TRUE(standsAt(-1, m_path));
}

} // namespace
} // namespace dubito
