// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/model/KnownShapes.h"

#include <gtest/gtest.h>

#include <filesystem>

namespace dubito::model {
namespace {

TEST(KnownShapes, EveryOneIsAModelThatCouldBe)
{
    for (const auto name : knownShapeNames()) {
        const auto shape = knownShape(name);
        ASSERT_TRUE(shape) << name;
        EXPECT_TRUE(checkModelConfig(*shape, std::string(name))) << name;
    }
    EXPECT_FALSE(knownShape("smollm"));
}

TEST(KnownShapes, HaveAsManyParametersAsTheirNamesSay)
{
    EXPECT_NEAR(static_cast<double>(parameterCount(*knownShape("smollm-135m"))), 134.5e6, 0.1e6);
    EXPECT_NEAR(static_cast<double>(parameterCount(*knownShape("tinyllama-1.1b"))), 1.10e9, 0.01e9);
    EXPECT_NEAR(static_cast<double>(parameterCount(*knownShape("llama-2-7b"))), 6.74e9, 0.01e9);
    EXPECT_NEAR(static_cast<double>(parameterCount(*knownShape("qwen2-0.5b"))), 0.494e9, 0.001e9);
}

TEST(KnownShapes, TinyIsTheShippedModel)
{
    const auto shipped
        = readModelConfig(std::filesystem::path(DUBITO_SOURCE_DIR) / "resources/tiny/config.json");
    ASSERT_TRUE(shipped);
    EXPECT_EQ(parameterCount(*knownShape("tiny")), parameterCount(*shipped));
}

} // namespace
} // namespace dubito::model
