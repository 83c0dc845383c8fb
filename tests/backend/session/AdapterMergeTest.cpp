// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/session/AdapterMerge.h"

#include "backend/model/MergedWeights.h"
#include "backend/model/WeightFiles.h"
#include "tests/backend/model/AdapterSample.h"

#include <gmock/gmock.h>

#include <gtest/gtest.h>

namespace dubito::session {
namespace {

namespace fs = std::filesystem;

using model::Dtype;
using testing::HasSubstr;

/// A base of one layer with random weights, and an adapter on q_proj and down_proj beside it.
class AdapterMerge : public testing::Test {
protected:
    AdapterMerge()
    {
        const auto config = model::sampleBase();
        fs::create_directories(base());
        sample.folder.write("base/config.json", model::toConfigJson(config));
        fs::copy_file(fs::path(DUBITO_SOURCE_DIR) / "resources/tiny/tokenizer.json", base() / "tokenizer.json");
        layout = model::ParameterLayout::of(config);
        block = model::sampleBlock(layout);
        writeBase(Dtype::F32);
    }

    void writeBase(Dtype dtype) const
    {
        std::vector<model::TensorToWrite> tensors;
        for (const auto& parameter : layout.parameters()) {
            tensors.push_back({ parameter.name, parameter.shape,
                std::span(block).subspan(
                    static_cast<std::size_t>(parameter.offset), static_cast<std::size_t>(parameter.count)),
                dtype });
        }
        ASSERT_TRUE(model::writeSafetensors(base() / "model.safetensors", tensors));
    }

    MergeRequest request() const { return { .named = { sample.path(), {} }, .output = output(), .dtype = {} }; }

    Error refusal(const MergeRequest& wanted) const
    {
        const auto made = mergeAdapter(wanted);
        EXPECT_FALSE(made);
        EXPECT_FALSE(fs::exists(output()));
        return made ? Error {} : made.error();
    }

    /// What a parameter should be, before it is rounded.
    std::vector<float> expected(const model::Parameter& parameter) const
    {
        const auto first = block.begin() + parameter.offset;
        std::vector<float> values(first, first + parameter.count);
        model::addAdapter(parameter, { sample.config.lora, sample.layout, sample.block }, values);
        return values;
    }

    fs::path base() const { return sample.folder.path() / "base"; }
    fs::path output() const { return sample.folder.path() / "merged"; }

    model::AdapterSample sample;
    model::ParameterLayout layout;
    std::vector<float> block;
};

TEST_F(AdapterMerge, TheFolderIsAWholeModelWithTheAdapterInItsWeights)
{
    const auto made = mergeAdapter(request());
    ASSERT_TRUE(made) << toText(made.error());
    EXPECT_EQ(made->adapted, 2);
    EXPECT_EQ(made->lost, 0);
    EXPECT_TRUE(fs::exists(output() / "tokenizer.json"));
    const auto config = model::readModelConfig(output() / "config.json");
    const auto files = model::WeightFiles::open(output());
    ASSERT_TRUE(config && files);
    ASSERT_TRUE(files->check(*config, layout));
    for (const auto& parameter : layout.parameters()) {
        std::vector<float> read(static_cast<std::size_t>(parameter.count));
        ASSERT_TRUE(files->readInto(parameter.name, read));
        EXPECT_EQ(read, expected(parameter)) << parameter.name;
    }
    EXPECT_FALSE(model::isAdapterFolder(output()));
}

TEST_F(AdapterMerge, NumbersAreKeptAsTheBaseHasThemUnlessAnotherTypeIsChosen)
{
    writeBase(Dtype::BF16);
    auto wanted = request();
    const auto kept = mergeAdapter(wanted);
    ASSERT_TRUE(kept) << toText(kept.error());
    const std::string name = "model.layers.0.self_attn.q_proj.weight";
    EXPECT_EQ(model::WeightFiles::open(output())->find(name)->dtype, Dtype::BF16);
    EXPECT_GT(kept->lost, 0);
    EXPECT_LT(kept->lost, 0.01) << "8 bits of numbers of about 1";

    wanted.output = sample.folder.path() / "whole";
    wanted.dtype = Dtype::F16;
    ASSERT_TRUE(mergeAdapter(wanted));
    EXPECT_EQ(model::WeightFiles::open(wanted.output)->find(name)->dtype, Dtype::F16);
    EXPECT_THAT(*readText(wanted.output / "config.json"), HasSubstr("\"torch_dtype\": \"float16\""));
}

TEST_F(AdapterMerge, LargeWeightsAreCutIntoShards)
{
    auto wanted = request();
    wanted.largestFile = 4000;
    ASSERT_TRUE(mergeAdapter(wanted));
    EXPECT_TRUE(fs::exists(output() / model::kWeightsIndexFile));
    EXPECT_TRUE(model::WeightFiles::open(output()));
}

TEST_F(AdapterMerge, ABaseThatHasMovedIsNamed)
{
    const auto moved = sample.folder.path() / "elsewhere";
    fs::rename(base(), moved);
    EXPECT_THAT(refusal(request()).message, HasSubstr("--base DIR"));
    auto wanted = request();
    wanted.named.base = moved;
    EXPECT_TRUE(mergeAdapter(wanted));
}

TEST_F(AdapterMerge, WhatIsNoAdapterIsSaid)
{
    auto wanted = request();
    wanted.named.folder = base();
    EXPECT_THAT(refusal(wanted).message, HasSubstr("whole model and no adapter"));
    fs::create_directories(sample.folder.path() / "run");
    fs::create_directory_symlink(sample.path(), sample.folder.path() / "run/final");
    wanted.named.folder = sample.folder.path() / "run";
    EXPECT_THAT(refusal(wanted).message, HasSubstr("run/final"));
    wanted.named.folder = sample.folder.path() / "nowhere";
    EXPECT_EQ(refusal(wanted).code, ErrorCode::NotFound);
}

TEST_F(AdapterMerge, ABaseOfAnotherShapeOrWithoutWeightsIsRefused)
{
    auto config = model::sampleBase();
    config.intermediate = 32;
    sample.folder.write("other/config.json", model::toConfigJson(config));
    auto wanted = request();
    wanted.named.base = sample.folder.path() / "other";
    EXPECT_THAT(refusal(wanted).message, HasSubstr("has no weights"));
    const auto others = model::ParameterLayout::of(config);
    model::writeTensors(wanted.named.base / "model.safetensors", others, model::sampleBlock(others), "");
    const auto error = refusal(wanted);
    EXPECT_EQ(error.code, ErrorCode::Model);
    EXPECT_THAT(error.message, HasSubstr("mlp.down_proj.lora_A.weight has the shape [2, 24]"));
}

TEST_F(AdapterMerge, AFolderThatHoldsSomethingIsLeftAlone)
{
    sample.folder.write("merged/kept.txt", "mine");
    const auto made = mergeAdapter(request());
    ASSERT_FALSE(made);
    EXPECT_EQ(made.error().code, ErrorCode::Usage);
    EXPECT_TRUE(fs::exists(output() / "kept.txt"));
}

TEST_F(AdapterMerge, WhatTheTypeCannotHoldIsRefusedAndNothingIsLeft)
{
    block[static_cast<std::size_t>(layout.find("model.norm.weight")->offset)] = 1e6F;
    writeBase(Dtype::F32);
    auto wanted = request();
    wanted.dtype = Dtype::F16;
    EXPECT_THAT(refusal(wanted).message, HasSubstr("--dtype f32"));
    for (const auto& entry : fs::directory_iterator(sample.folder.path())) {
        EXPECT_EQ(entry.path().string().find("partial"), std::string::npos) << entry.path();
    }
}

TEST_F(AdapterMerge, AStopLeavesNothing)
{
    std::stop_source stop;
    stop.request_stop();
    auto wanted = request();
    wanted.stop = stop.get_token();
    EXPECT_EQ(refusal(wanted).code, ErrorCode::Refused);
}

} // namespace
} // namespace dubito::session
