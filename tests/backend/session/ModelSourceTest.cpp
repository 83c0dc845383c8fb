// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/session/ModelSource.h"

#include "backend/session/Resources.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace dubito::session {
namespace {

using testing::HasSubstr;

config::Config wanted(std::int64_t rank)
{
    config::Config config;
    config.training.loraRank = rank;
    return config;
}

TEST(ModelSource, WithoutARankEveryWeightIsTrained)
{
    const auto source = openModelSource(shippedRun()->model, wanted(0));
    ASSERT_TRUE(source) << toText(source.error());
    EXPECT_FALSE(source->lora.isOn());
    EXPECT_TRUE(companionsOf(*source)->contains("config.json"));
    EXPECT_EQ(adapterFingerprint(source->lora, source->frozen), "");
}

TEST(ModelSource, TheKeysMakeAnAdapterWithTwiceTheRankAsAlpha)
{
    auto config = wanted(8);
    config.training.loraTargets = "q_proj,down_proj";
    const auto source = openModelSource(shippedRun()->model, config);
    ASSERT_TRUE(source) << toText(source.error());
    EXPECT_EQ(source->lora.rank, 8);
    EXPECT_EQ(source->lora.alpha, 16);
    const auto companions = companionsOf(*source);
    ASSERT_TRUE(companions);
    EXPECT_FALSE(companions->contains("config.json"));
    EXPECT_THAT(companions->at(model::kAdapterConfigFile), HasSubstr("down_proj"));
    EXPECT_NE(adapterFingerprint(source->lora, source->frozen), "");
}

TEST(ModelSource, AnUnknownTargetAndARankThatIsTooLargeAreUsageErrors)
{
    auto config = wanted(8);
    config.training.loraTargets = "everything";
    EXPECT_EQ(openModelSource(shippedRun()->model, config).error().code, ErrorCode::Usage);
    EXPECT_THAT(toText(openModelSource(shippedRun()->model, wanted(1000)).error()), HasSubstr("training.lora_rank"));
}

} // namespace
} // namespace dubito::session
