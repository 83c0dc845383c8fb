// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/session/LoadedModel.h"

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

    SmallRun small;
    FakeTensorMemory memory;
};

TEST_F(LoadedModelOf, ACheckpointHasItsParametersTokenizerAndEnds)
{
    small.folder.write("run/checkpoint-1/generation_config.json", R"({"eos_token_id": [3, 0, 3, 999999]})");
    const auto model = loadModel(checkpoint(), memory);
    ASSERT_TRUE(model) << toText(model.error());
    EXPECT_EQ(model->config.hidden, 16);
    EXPECT_EQ(model->tokenizer.vocabularySize(), 2361);
    EXPECT_EQ(model->endIds, (std::vector<std::int32_t> { 0, 3 }));
    EXPECT_GT(model->parameters.count(), 0);
    EXPECT_TRUE(std::ranges::any_of(model->parameters.span(), [](float value) { return value != 0; }));
}

TEST_F(LoadedModelOf, AFolderWithoutWeightsHasNothingToSay)
{
    const auto model = loadModel(small.folder.path() / "small", memory);
    ASSERT_FALSE(model);
    EXPECT_EQ(model.error().code, ErrorCode::Model);
    EXPECT_THAT(model.error().message, HasSubstr("no weights"));
    EXPECT_EQ(memory.active(), 0);
}

TEST_F(LoadedModelOf, AFolderThatIsNotThereIsNamedWithTheFlag)
{
    const auto model = loadModel(small.folder.path() / "nowhere", memory);
    ASSERT_FALSE(model);
    EXPECT_THAT(toText(model.error()), testing::AllOf(HasSubstr("nowhere"), HasSubstr("--model")));
}

TEST_F(LoadedModelOf, AModelThatDoesNotFitIsRefusedBeforeAnythingIsTaken)
{
    memory.setLimit(1000);
    const auto model = loadModel(checkpoint(), memory);
    ASSERT_FALSE(model);
    EXPECT_EQ(model.error().code, ErrorCode::Memory);
    EXPECT_EQ(memory.active(), 0);
}

} // namespace
} // namespace dubito::session
