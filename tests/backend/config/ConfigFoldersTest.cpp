// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/config/ConfigFolders.h"

#include "tests/support/TemporaryFolder.h"

#include <gtest/gtest.h>

namespace dubito::config {
namespace {

TEST(ConfigFolders, AProfileIsFoundByNameInTheFirstFolderThatHasIt)
{
    const TemporaryFolder first;
    const TemporaryFolder second;
    const auto inSecond = second.write("hardware/big.yaml", "");
    const std::vector<std::filesystem::path> folders { first.path(), second.path() };
    EXPECT_EQ(findConfig("big", ConfigKind::Profile, folders).value(), inSecond);
    const auto inFirst = first.write("hardware/big.yaml", "");
    EXPECT_EQ(findConfig("big", ConfigKind::Profile, folders).value(), inFirst);
    EXPECT_FALSE(findConfig("big", ConfigKind::Preset, folders));
}

TEST(ConfigFolders, AnUnknownNameListsTheKnownOnes)
{
    const TemporaryFolder folder;
    folder.write("presets/dev.yaml", "");
    folder.write("presets/prod.yaml", "");
    const std::vector<std::filesystem::path> folders { folder.path() };
    const auto found = findConfig("rpod", ConfigKind::Preset, folders);
    ASSERT_FALSE(found);
    EXPECT_EQ(toText(found.error()), "--preset: there is no preset \"rpod\"; there are dev, prod");
}

TEST(ConfigFolders, StartingPointsAreListedProfilesFirstAndEachNameOnce)
{
    const TemporaryFolder first;
    const TemporaryFolder second;
    first.write("presets/dev.yaml", "");
    const auto big = first.write("hardware/big.yaml", "");
    second.write("hardware/big.yaml", "");
    second.write("hardware/a small one.yaml", "");
    const std::vector<std::filesystem::path> folders { first.path(), second.path() };
    const auto points = startingPoints(folders);
    ASSERT_EQ(points.size(), 2U) << "what is no name cannot be chosen";
    EXPECT_EQ(points[0].name, "big");
    EXPECT_EQ(points[0].file, big);
    EXPECT_EQ(points[1].kind, ConfigKind::Preset);
}

TEST(ConfigFolders, ANameIsNoPath)
{
    const TemporaryFolder folder;
    folder.write("secret.yaml", "");
    folder.write("hardware/big.yaml", "");
    const std::vector<std::filesystem::path> folders { folder.path() };
    for (const auto* name : { "../secret", "", ".", "..", "/etc/passwd", "big.yaml", "b ig" }) {
        EXPECT_FALSE(findConfig(name, ConfigKind::Profile, folders)) << name;
    }
}

TEST(ConfigFolders, TheSourceTreeIsFoundFromTheProgramThatWasBuiltInIt)
{
    const auto folders = standardConfigFolders();
    ASSERT_FALSE(folders.empty());
    EXPECT_TRUE(findConfig("base_16gb", ConfigKind::Profile, folders));
}

} // namespace
} // namespace dubito::config
