// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/model/ShardWriter.h"

#include "backend/model/WeightFiles.h"
#include "tests/support/TemporaryFolder.h"

#include <gtest/gtest.h>

namespace dubito::model {
namespace {

/// Three tensors of 400, 800 and 400 bytes, whose numbers are made when they are asked for.
class ShardWriter : public testing::Test {
protected:
    Result<std::uint64_t> write(std::uint64_t largest)
    {
        return writeWeightFiles(
            folder.path(), plans,
            [this](const TensorPlan& plan) -> Result<std::span<const float>> {
                asked += plan.name;
                numbers.assign(static_cast<std::size_t>(plan.count()), static_cast<float>(asked.size()));
                return std::span<const float>(numbers);
            },
            largest);
    }

    bool isThere(const std::string& name) const { return std::filesystem::exists(folder.path() / name); }

    TemporaryFolder folder;
    std::vector<TensorPlan> plans { { "a", { 100 }, Dtype::F32 }, { "b", { 200 }, Dtype::F32 },
        { "c", { 2, 100 }, Dtype::BF16 } };
    std::vector<float> numbers;
    std::string asked;
};

TEST_F(ShardWriter, WhatFitsIsOneFile)
{
    const auto bytes = write(1600);
    ASSERT_TRUE(bytes) << toText(bytes.error());
    EXPECT_EQ(*bytes, 1600U);
    EXPECT_TRUE(isThere(kWeightsFile));
    EXPECT_FALSE(isThere(kWeightsIndexFile));
}

TEST_F(ShardWriter, LargeWeightsAreCutAndAReaderFindsThemByTheIndex)
{
    ASSERT_TRUE(write(1200));
    EXPECT_FALSE(isThere(kWeightsFile));
    EXPECT_TRUE(isThere("model-00001-of-00002.safetensors"));
    EXPECT_EQ(asked, "abc") << "once each, in their order";
    const auto files = WeightFiles::open(folder.path());
    ASSERT_TRUE(files) << toText(files.error());
    EXPECT_EQ(files->names(), (std::vector<std::string> { "a", "b", "c" }));
    std::vector<float> read(200);
    ASSERT_TRUE(files->readInto("c", read));
    EXPECT_EQ(read.back(), 3);
    EXPECT_EQ(files->find("c")->dtype, Dtype::BF16);
}

TEST_F(ShardWriter, ATensorThatIsLargerThanAShardHasOneOfItsOwn)
{
    ASSERT_TRUE(write(1));
    EXPECT_TRUE(isThere("model-00003-of-00003.safetensors"));
    EXPECT_TRUE(WeightFiles::open(folder.path()));
}

TEST_F(ShardWriter, AnErrorOfTheSourceLeavesNoFileOfThatName)
{
    const auto failed = writeWeightFiles(folder.path(), plans, [](const TensorPlan& plan) -> Result<std::span<const float>> {
        return Error { ErrorCode::Model, "is broken", plan.name };
    });
    ASSERT_FALSE(failed);
    EXPECT_EQ(failed.error().where, "a");
    EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

} // namespace
} // namespace dubito::model
