// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/model/SafetensorsWriter.h"
#include "backend/model/WeightFiles.h"
#include "tests/app/SmallRun.h"

#include <gmock/gmock.h>

#include <limits>

namespace dubito::app {
namespace {

namespace fs = std::filesystem;

using testing::AllOf;
using testing::HasSubstr;

/// A trained model that is then damaged in one way, and trained again: refused with a sentence, before the first step.
class BadModel : public testing::Test {
protected:
    BadModel()
    {
        run.trainExpecting(0, { "--steps", "1", "--warmup-steps", "0" });
        fs::copy(run.output() / "checkpoint-1", model(), fs::copy_options::recursive);
    }

    /// Writes the weights anew, after `change` has had its way with each of them.
    template <typename Change>
    void rewrite(const fs::path& file, const Change& change) const
    {
        const auto stored = model::Safetensors::open(file);
        ASSERT_TRUE(stored) << toText(stored.error());
        std::vector<std::vector<float>> numbers;
        std::vector<model::TensorToWrite> tensors;
        for (const auto& tensor : stored->tensors()) {
            auto& values = numbers.emplace_back(static_cast<std::size_t>(tensor.count()));
            ASSERT_TRUE(stored->readInto(tensor, values));
            tensors.push_back({ tensor.name, tensor.shape, {}, model::Dtype::F32 });
            change(tensors.back(), values);
            tensors.back().values = values;
        }
        ASSERT_TRUE(model::writeSafetensors(file, tensors));
    }

    void expectRefused(const SmallRun::Words& words, const testing::Matcher<std::string>& sentence) const
    {
        const fs::path output = run.folder().path() / "second";
        auto all = run.train({ "--model", model(), "--output", output });
        all.insert(all.end(), words.begin(), words.end());
        Process process(DUBITO_PROGRAM, all);
        ASSERT_TRUE(process.wait());
        EXPECT_EQ(process.exitCode(), 3);
        EXPECT_THAT(process.err(), sentence);
        EXPECT_EQ(process.err().find("step 1 "), std::string::npos) << process.err();
        EXPECT_TRUE(!fs::exists(output / "metrics.jsonl") || fs::file_size(output / "metrics.jsonl") == 0);
        fs::remove_all(output);
    }

    fs::path model() const { return run.folder().path() / "damaged"; }

    SmallRun run;
};

TEST_F(BadModel, WithANumberThatIsNoneIsRefusedByTensorAndPlace)
{
    rewrite(model() / "model.safetensors", [](const model::TensorToWrite& tensor, std::vector<float>& values) {
        if (tensor.name == "model.layers.0.mlp.up_proj.weight") {
            values[17] = std::numeric_limits<float>::quiet_NaN();
        }
    });
    const auto sentence = AllOf(HasSubstr("number 17"), HasSubstr("up_proj"), HasSubstr("NaN"), HasSubstr("fetch it again"));
    expectRefused({}, sentence);
    expectRefused({ "--lora-rank", "2" }, sentence);
}

TEST_F(BadModel, InATypeThatIsNoWeightIsRefusedWithTheTypesThatAre)
{
    rewrite(model() / "model.safetensors", [](model::TensorToWrite& tensor, std::vector<float>&) {
        tensor.dtype = tensor.name == "model.norm.weight" ? model::Dtype::F64 : model::Dtype::F32;
    });
    const auto sentence = AllOf(HasSubstr("model.norm.weight"), HasSubstr("F64"), HasSubstr("F32, BF16 or F16"));
    expectRefused({}, sentence);
    expectRefused({ "--lora-rank", "2" }, sentence);
}

TEST_F(BadModel, ForSequencesThatAreLongerThanItSeesIsRefusedWithTheLengthThatFits)
{
    expectRefused({ "--seq-len", "100000" }, AllOf(HasSubstr("--seq-len"), HasSubstr("2048")));
}

TEST_F(BadModel, BelowAnAdapterOfAnotherShapeIsRefusedWithBothShapes)
{
    const fs::path tuned = run.folder().path() / "tuned";
    run.trainExpecting(0, { "--model", model(), "--lora-rank", "2", "--steps", "1", "--warmup-steps", "0", "--output", tuned });
    rewrite(tuned / "checkpoint-1/adapter_model.safetensors", [](model::TensorToWrite& tensor, std::vector<float>& values) {
        if (tensor.name.ends_with("q_proj.lora_A.weight")) {
            values.resize(values.size() / 2);
            tensor.shape[1] /= 2;
        }
    });
    expectRefused({ "--model", tuned / "checkpoint-1" },
        AllOf(HasSubstr("does not fit its base"), HasSubstr("[2, 8]"), HasSubstr("[2, 16]"), HasSubstr("--base DIR")));
}

} // namespace
} // namespace dubito::app
