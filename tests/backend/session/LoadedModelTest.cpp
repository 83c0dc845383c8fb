// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/session/LoadedModel.h"

#include "backend/model/SafetensorsWriter.h"
#include "backend/model/WeightFiles.h"
#include "tests/support/FakeTensorMemory.h"
#include "tests/support/RunStage.h"

#include <gmock/gmock.h>

#include <gtest/gtest.h>

namespace dubito::session {
namespace {

using testing::HasSubstr;

/// A checkpoint of a short run.
class LoadedModelOf : public testing::Test {
protected:
    LoadedModelOf()
    {
        small.set("training.steps", "1").set("training.warmup_steps", "0");
        RunStage(small).work();
    }

    std::filesystem::path checkpoint() const { return small.output() / "final"; }

    static std::vector<float> numbersOf(const LoadedModel& model)
    {
        std::vector<float> numbers(static_cast<std::size_t>(model.weights.layout().parameters().front().count));
        model.weights.readInto(model.weights.layout().parameters().front(), numbers);
        return numbers;
    }

    /// The checkpoint with its weights as BF16 in another folder.
    std::filesystem::path asBf16() const
    {
        const auto folder = small.folder.path() / "half";
        std::filesystem::copy(checkpoint(), folder, std::filesystem::copy_options::recursive);
        const auto files = *model::WeightFiles::open(checkpoint());
        std::vector<std::vector<float>> numbers;
        std::vector<model::TensorToWrite> tensors;
        for (const std::string& name : files.names()) {
            const auto& stored = *files.find(name);
            EXPECT_TRUE(files.readInto(name, numbers.emplace_back(static_cast<std::size_t>(stored.count()))));
            tensors.push_back({ name, stored.shape, numbers.back(), model::Dtype::BF16 });
        }
        EXPECT_TRUE(model::writeSafetensors(folder / "model.safetensors", tensors));
        return folder;
    }

    SmallRun small;
    FakeTensorMemory memory;
};

TEST_F(LoadedModelOf, ACheckpointHasItsParametersTokenizerAndEnds)
{
    small.folder.write("run/checkpoint-1/generation_config.json", R"({"eos_token_id": [3, 0, 3, 999999]})");
    const auto model = loadModel({ checkpoint() }, memory);
    ASSERT_TRUE(model) << toText(model.error());
    EXPECT_EQ(model->config.hidden, 16);
    EXPECT_EQ(model->tokenizer.vocabularySize(), 2361);
    EXPECT_EQ(model->endIds, (std::vector<std::int32_t> { 0, 3 }));
    EXPECT_EQ(model->weights.storage(), model::FrozenStorage::Full);
    EXPECT_FALSE(model->adapter);
    const auto numbers = numbersOf(*model);
    EXPECT_TRUE(std::ranges::any_of(numbers, [](float value) { return value != 0; }));
}

TEST_F(LoadedModelOf, WeightsThatAreStoredAsBf16StayTwoBytesANumber)
{
    const auto whole = loadModel({ checkpoint() }, memory);
    const auto half = loadModel({ asBf16() }, memory);
    ASSERT_TRUE(whole && half);
    EXPECT_EQ(half->weights.storage(), model::FrozenStorage::Bf16);
    EXPECT_LT(half->weights.bytes(), whole->weights.bytes() * 11 / 20);
}

TEST_F(LoadedModelOf, AnAdapterComesWithItsBaseAndABaseWithoutAnAdapterIsRefused)
{
    small.set("model.path", checkpoint()).set("training.lora_rank", "2").set("training.output", small.folder.path() / "adapter");
    RunStage(small).work();
    const auto adapter = small.folder.path() / "adapter/final";
    const auto found = loadModel({ adapter }, memory);
    ASSERT_TRUE(found) << toText(found.error());
    ASSERT_TRUE(found->adapter);
    EXPECT_EQ(found->adapter->lora.rank, 2);
    EXPECT_NE(found->reading().adapter, nullptr);

    std::filesystem::rename(small.output() / "checkpoint-1", small.folder.path() / "moved");
    const auto lost = loadModel({ adapter }, memory);
    ASSERT_FALSE(lost);
    EXPECT_THAT(lost.error().message, HasSubstr("--base DIR"));
    EXPECT_TRUE(loadModel({ adapter, small.folder.path() / "moved" }, memory));

    const auto plain = loadModel({ small.folder.path() / "moved", small.folder.path() / "moved" }, memory);
    ASSERT_FALSE(plain);
    EXPECT_EQ(plain.error().code, ErrorCode::Usage);
    EXPECT_THAT(plain.error().message, HasSubstr("no adapter"));
}

TEST_F(LoadedModelOf, AFolderWithoutWeightsHasNothingToSay)
{
    const auto model = loadModel({ small.folder.path() / "small" }, memory);
    ASSERT_FALSE(model);
    EXPECT_EQ(model.error().code, ErrorCode::Model);
    EXPECT_THAT(model.error().message, HasSubstr("no weights"));
    EXPECT_EQ(memory.active(), 0);
}

TEST_F(LoadedModelOf, AFolderThatIsNotThereIsNamedWithTheFlag)
{
    const auto model = loadModel({ small.folder.path() / "nowhere" }, memory);
    ASSERT_FALSE(model);
    EXPECT_THAT(toText(model.error()), testing::AllOf(HasSubstr("nowhere"), HasSubstr("--model")));
}

TEST_F(LoadedModelOf, AModelThatDoesNotFitIsRefusedBeforeAnythingIsTaken)
{
    memory.setLimit(1000);
    const auto model = loadModel({ checkpoint() }, memory);
    ASSERT_FALSE(model);
    EXPECT_EQ(model.error().code, ErrorCode::Memory);
    EXPECT_EQ(memory.active(), 0);
}

} // namespace
} // namespace dubito::session
