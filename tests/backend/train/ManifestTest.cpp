// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/train/Manifest.h"

#include "tests/support/TemporaryFolder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace dubito::train {
namespace {

using testing::HasSubstr;

TEST(Manifest, WhatIsWrittenIsReadBack)
{
    const TemporaryFolder folder;
    const Manifest manifest { 42, { { "a", { 3, "00" } }, { "state/b", { 1LL << 40, "ff" } } } };
    ASSERT_TRUE(writeManifest(folder.path(), manifest));
    const auto read = readManifest(folder.path());
    ASSERT_TRUE(read) << toText(read.error());
    EXPECT_EQ(read->step, 42);
    EXPECT_EQ(read->files, manifest.files);
}

TEST(Manifest, AFlippedBitInAnyByteOfItIsSeen)
{
    const TemporaryFolder folder;
    ASSERT_TRUE(writeManifest(folder.path(), { 42, { { "a", { 3, "00" } } } }));
    const std::string good = *readText(folder.path() / kManifestName);
    for (std::size_t i = 0; i < good.size(); ++i) {
        std::string bad = good;
        bad[i] = static_cast<char>(bad[i] ^ (1 << (i % 8)));
        folder.write(kManifestName, bad);
        ASSERT_FALSE(readManifest(folder.path())) << "byte " << i;
    }
}

TEST(Manifest, AnAbsentOrEmptyOneIsNamed)
{
    const TemporaryFolder folder;
    EXPECT_THAT(toText(readManifest(folder.path()).error()), HasSubstr("manifest.json: cannot be read"));
    folder.write(kManifestName, "");
    EXPECT_THAT(toText(readManifest(folder.path()).error()), HasSubstr("is damaged"));
}

TEST(Manifest, AFileOutsideTheFolderIsNotLookedAt)
{
    const TemporaryFolder folder;
    for (const char* name : { "../a", "/etc/passwd", "a/../../b", "state/", "a/b/c", ".." }) {
        ASSERT_TRUE(writeManifest(folder.path(), { 1, { { name, { 3, "00" } } } }));
        const auto read = readManifest(folder.path());
        ASSERT_FALSE(read) << name;
        EXPECT_THAT(read.error().message, HasSubstr("no file of this folder"));
    }
}

TEST(Manifest, AShorterAnotherAndAMissingFileAreToldApart)
{
    const TemporaryFolder folder;
    const std::string text = "three";
    folder.write("a", text);
    const Manifest manifest { 1, { { "a", { 5, checksumHex(std::as_bytes(std::span(text))) } } } };
    EXPECT_TRUE(verifyFiles(folder.path(), manifest));
    folder.write("a", "thre");
    EXPECT_THAT(verifyFiles(folder.path(), manifest).error().message, HasSubstr("4 bytes and should have 5"));
    folder.write("a", "threE");
    EXPECT_THAT(verifyFiles(folder.path(), manifest).error().message, HasSubstr("checksum"));
    std::filesystem::remove(folder.path() / "a");
    EXPECT_THAT(toText(verifyFiles(folder.path(), manifest).error()), HasSubstr("/a: cannot be read"));
}

} // namespace
} // namespace dubito::train
