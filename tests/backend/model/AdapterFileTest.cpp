// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/model/AdapterFile.h"

#include "tests/backend/model/AdapterSample.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

namespace dubito::model {
namespace {

using testing::HasSubstr;

TEST(AdapterFile, EveryNumberComesToItsPlace)
{
    const AdapterSample sample;
    const auto adapter = AdapterFile::open(sample.path(), sampleBase());
    ASSERT_TRUE(adapter) << toText(adapter.error());
    std::vector<float> block(sample.block.size(), 5.0F);
    ASSERT_TRUE(adapter->readAll(sample.layout, block));
    EXPECT_EQ(block, sample.block);
}

TEST(AdapterFile, AnAdapterOfAnotherShapeIsRefusedWithBothShapes)
{
    const AdapterSample sample;
    auto base = sampleBase();
    base.intermediate = 32;
    EXPECT_THAT(AdapterFile::open(sample.path(), base).error().message, HasSubstr("[2, 24]"));
}

TEST(AdapterFile, AMissingTensorAndAnUnknownOneAreNamed)
{
    AdapterSample sample;
    auto lora = sample.config.lora;
    lora.targets = *parseLoraTargets("q_proj k_proj");
    const auto other = ParameterLayout::ofAdapter(sampleBase(), lora);
    writeTensors(sample.path() / kAdapterWeightsFile, other, sampleBlock(other), std::string(kAdapterPrefix));
    const auto message = AdapterFile::open(sample.path(), sampleBase()).error().message;
    EXPECT_THAT(message, HasSubstr("mlp.down_proj.lora_A.weight is missing"));
    EXPECT_THAT(message, HasSubstr("k_proj.lora_A.weight\" belongs to no projection"));
}

TEST(AdapterFile, ANumberThatIsNoneIsRefused)
{
    AdapterSample sample;
    sample.block[3] = std::numeric_limits<float>::quiet_NaN();
    writeTensors(sample.path() / kAdapterWeightsFile, sample.layout, sample.block, std::string(kAdapterPrefix));
    const auto adapter = AdapterFile::open(sample.path(), sampleBase());
    std::vector<float> block(sample.block.size());
    EXPECT_THAT(adapter->readAll(sample.layout, block).error().message, HasSubstr("NaN or infinite"));
}

TEST(AdapterFile, APatternMeansWhatTheFileHolds)
{
    const AdapterSample sample;
    sample.folder.write(std::string("adapter/") + kAdapterConfigFile,
        R"({"r":2,"lora_alpha":3,"target_modules":".*(q|down)_proj"})");
    const auto adapter = AdapterFile::open(sample.path(), sampleBase());
    ASSERT_TRUE(adapter) << toText(adapter.error());
    EXPECT_EQ(adapter->lora().targets, sample.config.lora.targets);
}

TEST(AdapterFile, TheBaseIsFoundBesideTheAdapterAndWhenItIsNamed)
{
    const AdapterSample sample;
    EXPECT_THAT(findBase(sample.path(), sample.config, {}).error().message, HasSubstr("--base DIR"));
    sample.folder.write("base/config.json", "{}");
    EXPECT_EQ(*findBase(sample.path(), sample.config, {}), sample.path().parent_path() / "base");
    EXPECT_THAT(findBase(sample.path(), sample.config, sample.path()).error().message, HasSubstr("merge it first"));
    EXPECT_FALSE(findBase(sample.path(), sample.config, "nowhere"));
}

} // namespace
} // namespace dubito::model
