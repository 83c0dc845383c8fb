// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/config/ConfigFlags.h"

#include "tests/backend/config/ConfigSamples.h"

#include <gtest/gtest.h>

namespace dubito::config {
namespace {

TEST(ConfigFlags, EveryFlagIsAKeyOfTheTable)
{
    for (const ConfigFlag& flag : configFlags()) {
        EXPECT_TRUE(flag.flag.starts_with("--")) << flag.flag;
        const Field* field = findField(flag.key);
        ASSERT_NE(field, nullptr) << flag.key;
        EXPECT_EQ(field->key, flag.key);
        EXPECT_FALSE(flag.placeholder.empty());
    }
}

TEST(ConfigFlags, TheSeedsFlagsAreThereVerbatim)
{
    for (const auto* name : { "--model", "--data", "--steps", "--batch-size", "--checkpoint-interval", "--reload-interval",
             "--reload-threshold" }) {
        EXPECT_TRUE(std::ranges::any_of(configFlags(), [&](const ConfigFlag& flag) { return flag.flag == name; })) << name;
    }
}

TEST(ConfigFlags, AnAssignmentIsCutAtTheFirstEqualsSign)
{
    const auto assignment = parseAssignment(" data.path =a=b");
    ASSERT_TRUE(assignment);
    EXPECT_EQ(assignment->key, "data.path");
    EXPECT_EQ(assignment->text, "a=b");
    EXPECT_EQ(assignment->flag, "--set data.path");
}

TEST(ConfigFlags, WhatIsNoAssignmentIsExplained)
{
    for (const auto* text : { "", "training.steps", "=5", "  =5" }) {
        const auto assignment = parseAssignment(text);
        ASSERT_FALSE(assignment) << text;
        EXPECT_NE(assignment.error().message.find("--set section.key=value"), std::string::npos);
    }
}

} // namespace
} // namespace dubito::config
