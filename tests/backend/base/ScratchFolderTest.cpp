// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/base/ScratchFolder.h"

#include <gtest/gtest.h>

#include <fstream>

namespace dubito {
namespace {

TEST(ScratchFolder, GoesWithEverythingInIt)
{
    std::filesystem::path place;
    {
        const ScratchFolder folder("trial");
        place = folder.path();
        ASSERT_TRUE(std::filesystem::is_directory(place));
        EXPECT_TRUE(place.filename().string().starts_with("dubito-trial-"));
        std::filesystem::create_directory(place / "inside");
        std::ofstream(place / "inside" / "file") << "text";
    }
    EXPECT_FALSE(std::filesystem::exists(place));
}

TEST(ScratchFolder, TwoOfOnePurposeAreTwo)
{
    const ScratchFolder one("trial");
    const ScratchFolder other("trial");
    EXPECT_NE(one.path(), other.path());
}

} // namespace
} // namespace dubito
