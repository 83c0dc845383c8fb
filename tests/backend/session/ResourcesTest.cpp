// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/session/Resources.h"

#include <gtest/gtest.h>

namespace dubito::session {
namespace {

TEST(Resources, TheShippedRunIsFoundFromTheProgramThatAsks)
{
    const auto shipped = shippedRun();
    ASSERT_TRUE(shipped) << toText(shipped.error());
    for (const auto& path : { shipped->model / "config.json", shipped->model / "tokenizer.json", shipped->corpus,
             shipped->validation }) {
        EXPECT_TRUE(std::filesystem::is_regular_file(path)) << path;
    }
    EXPECT_EQ(shipped->model.parent_path(), *resourceFolder());
}

} // namespace
} // namespace dubito::session
