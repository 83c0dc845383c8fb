// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/model/Footprint.h"

#include "backend/model/Parameters.h"
#include "backend/model/WorkingMemory.h"

namespace dubito::model {

namespace {

std::int64_t floats(std::int64_t count) { return count * static_cast<std::int64_t>(sizeof(float)); }

std::int64_t activationBytes(const ModelConfig& config, const TrainingShape& shape)
{
    const WorkingShape working {
        .rows = shape.B * shape.T,
        .T = shape.T,
        .threads = shape.threads,
        .pass = Pass::Backward,
        .options = shape.options,
    };
    return WorkingMemory<float>::bytesFor(config, working.with(shape.lora, config));
}

} // namespace

std::vector<FootprintRow> footprintOf(const ModelConfig& config, const TrainingShape& shape)
{
    const auto whole = ParameterLayout::of(config);
    const bool isAdapted = shape.lora.isOn();
    const auto block
        = floats(isAdapted ? ParameterLayout::ofAdapter(config, shape.lora).blockSize() : whole.blockSize());
    std::vector<FootprintRow> rows {
        { Category::Weights, block, "parameters", true },
        { Category::Gradients, block, "gradients" },
        { Category::Optimizer, 2 * block, "both moments of AdamW", true },
        { Category::Activations, activationBytes(config, shape), "activations and working memory" },
    };
    if (isAdapted) {
        const bool isHalf = shape.frozen == FrozenStorage::Bf16;
        rows.push_back({ Category::Weights,
            isHalf ? floats(whole.blockSize()) / 2 + floats(whole.smallBlockSize()) : floats(whole.blockSize()),
            "frozen weights" });
    }
    if (shape.options.products == Products::Bf16) {
        rows.push_back({ Category::Weights, block / 2, "parameters as BF16, for the products" });
    }
    return rows;
}

} // namespace dubito::model
