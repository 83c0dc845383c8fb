// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/model/AdapterConfig.h"
#include "tests/support/CheckpointSample.h"
#include "tests/support/Process.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <bit>
#include <sstream>

namespace dubito::train {
namespace {

/// What another program reads out of a file: name to "dtype shape bits".
std::map<std::string, std::string> readByPython(const std::filesystem::path& file)
{
    const std::string script = DUBITO_SOURCE_DIR "/tests/backend/train/read_safetensors.py";
    Process python("/usr/bin/env", { "python3", script, file });
    EXPECT_TRUE(python.wait());
    EXPECT_EQ(python.exitCode(), 0) << python.err();
    std::map<std::string, std::string> tensors;
    std::istringstream lines(python.out());
    for (std::string line; std::getline(lines, line);) {
        const auto space = line.find(' ');
        tensors[line.substr(0, space)] = line.substr(space + 1);
    }
    return tensors;
}

/// What should stand there.
std::map<std::string, std::string> expected(
    const model::ParameterLayout& layout, std::span<const float> block, const std::string& prefix)
{
    std::map<std::string, std::string> tensors;
    for (const model::Parameter& parameter : layout.parameters()) {
        std::vector<std::string> bits;
        for (const float value :
            block.subspan(static_cast<std::size_t>(parameter.offset), static_cast<std::size_t>(parameter.count))) {
            bits.push_back(fmt::format("{:08x}", std::bit_cast<std::uint32_t>(value)));
        }
        tensors[prefix + parameter.name]
            = fmt::format("F32 {} {}", fmt::join(parameter.shape, "x"), fmt::join(bits, ","));
    }
    return tensors;
}

class IndependentReader : public testing::Test {
protected:
    void SetUp() override
    {
        Process python("/usr/bin/env", { "python3", "-c", "import json, struct" });
        if (!python.wait() || python.exitCode() != 0) {
            GTEST_SKIP() << "there is no python3 here";
        }
    }

    CheckpointSample sample { 12 };
    TemporaryFolder folder;
};

TEST_F(IndependentReader, FindsEveryTensorOfACheckpointBitForBit)
{
    const auto written = writeCheckpoint(folder.path(), sample.view(), sample.companions);
    ASSERT_TRUE(written) << toText(written.error());
    EXPECT_EQ(readByPython(written->directory / "model.safetensors"), expected(sample.layout, sample.parameters, ""));
    auto moments = expected(sample.layout, sample.firstMoments, "exp_avg.");
    moments.merge(expected(sample.layout, sample.secondMoments, "exp_avg_sq."));
    EXPECT_EQ(readByPython(written->directory / "state/optimizer.safetensors"), moments);
}

TEST_F(IndependentReader, FindsEveryTensorOfAnAdapterUnderTheNamesOfPeft)
{
    const model::LoraConfig lora { .rank = 2, .alpha = 4, .targets = *model::parseLoraTargets("q_proj down_proj") };
    sample.layout = model::ParameterLayout::ofAdapter(sample.config, lora);
    Random random(5);
    for (auto* block : { &sample.parameters, &sample.firstMoments, &sample.secondMoments }) {
        block->assign(static_cast<std::size_t>(sample.layout.blockSize()), 0.0F);
        for (const model::Parameter& parameter : sample.layout.parameters()) {
            std::generate_n(block->begin() + parameter.offset, parameter.count,
                [&] { return static_cast<float>(random.normal()); });
        }
    }
    const CompanionFiles companions { { model::kAdapterConfigFile, model::toAdapterConfigJson({ lora, "base" }) },
        { "tokenizer.json", "{}" } };
    const auto written = writeCheckpoint(folder.path(), sample.view(), companions);
    ASSERT_TRUE(written) << toText(written.error());
    const auto found = readByPython(written->directory / model::kAdapterWeightsFile);
    EXPECT_EQ(found, expected(sample.layout, sample.parameters, "base_model.model."));
    EXPECT_TRUE(found.contains("base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight"));
}

} // namespace
} // namespace dubito::train
