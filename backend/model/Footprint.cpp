// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/model/Footprint.h"

#include "backend/model/Parameters.h"
#include "backend/model/WorkingMemory.h"

namespace dubito::model {

std::vector<FootprintRow> footprintOf(const ModelConfig& config, const TrainingShape& shape)
{
    const auto block = ParameterLayout::of(config).blockSize() * static_cast<std::int64_t>(sizeof(float));
    const WorkingShape working {
        .rows = shape.B * shape.T, .T = shape.T, .threads = shape.threads, .pass = Pass::Backward
    };
    return {
        { Category::Weights, block, "parameters" },
        { Category::Gradients, block, "gradients" },
        { Category::Optimizer, 2 * block, "both moments of AdamW" },
        { Category::Activations, WorkingMemory<float>::bytesFor(config, working), "activations and working memory" },
    };
}

} // namespace dubito::model
