// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/base/AtomicFile.h"
#include "backend/base/Random.h"
#include "backend/model/AdapterFile.h"
#include "backend/model/SafetensorsWriter.h"
#include "tests/support/TemporaryFolder.h"

#include <gtest/gtest.h>
#include <vector>

namespace dubito::model {

/// The base of the samples: one layer.
inline ModelConfig sampleBase()
{
    ModelConfig config;
    config.hidden = 16;
    config.layers = 1;
    config.heads = 2;
    config.kvHeads = 1;
    config.headDim = 8;
    config.intermediate = 24;
    config.vocabulary = 20;
    config.tiedHead = true;
    return config;
}

/// A block of random numbers, with 0 between its tensors.
inline std::vector<float> sampleBlock(const ParameterLayout& layout)
{
    Random random(9);
    std::vector<float> block(static_cast<std::size_t>(layout.blockSize()));
    for (const Parameter& parameter : layout.parameters()) {
        for (std::int64_t i = 0; i < parameter.count; ++i) {
            block[static_cast<std::size_t>(parameter.offset + i)] = static_cast<float>(random.normal());
        }
    }
    return block;
}

/// Writes the tensors of a block, each name behind a prefix.
inline void writeTensors(const std::filesystem::path& path, const ParameterLayout& layout,
    std::span<const float> block, const std::string& prefix)
{
    std::vector<TensorToWrite> tensors;
    for (const Parameter& parameter : layout.parameters()) {
        tensors.push_back({ prefix + parameter.name, parameter.shape,
            block.subspan(static_cast<std::size_t>(parameter.offset), static_cast<std::size_t>(parameter.count)) });
    }
    ASSERT_TRUE(writeSafetensors(path, tensors));
}

/// A folder with an adapter of rank 2 on q_proj and down_proj.
struct AdapterSample {
    AdapterSample()
    {
        config.lora = { .rank = 2, .alpha = 3, .targets = *parseLoraTargets("q_proj down_proj") };
        config.base = "base";
        layout = ParameterLayout::ofAdapter(sampleBase(), config.lora);
        block = sampleBlock(layout);
        folder.write(std::string("adapter/") + kAdapterConfigFile, toAdapterConfigJson(config));
        writeTensors(path() / kAdapterWeightsFile, layout, block, std::string(kAdapterPrefix));
    }

    std::filesystem::path path() const { return folder.path() / "adapter"; }

    TemporaryFolder folder;
    AdapterConfig config;
    ParameterLayout layout;
    std::vector<float> block;
};

} // namespace dubito::model
