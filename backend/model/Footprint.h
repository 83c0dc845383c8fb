// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/base/TensorMemory.h"
#include "backend/model/FrozenWeights.h"
#include "backend/model/ModelConfig.h"
#include "backend/model/ModelOptions.h"

#include <cstdint>
#include <vector>

namespace dubito::model {

/// How a model is trained, as far as memory depends on it.
struct TrainingShape {
    std::int64_t B = 0;
    std::int64_t T = 0;
    int threads = 1;
    ModelOptions options {};
    LoraConfig lora {}; ///< off: every weight is trained
    FrozenStorage frozen = FrozenStorage::Full; ///< with an adapter: how the weights below it are kept
};

/// So many bytes of one category, and what they are for, in words.
struct FootprintRow {
    Category category = Category::Weights;
    std::int64_t bytes = 0;
    const char* what = "";
    bool isSaved = false; ///< part of a checkpoint
};

/// What training with AdamW holds while it runs, of the whole model or of an adapter: computed by the code that allocates it.
///
/// It knows tensors alone: not the program, its libraries, the corpus or the rounding of the pool.
std::vector<FootprintRow> footprintOf(const ModelConfig& config, const TrainingShape& shape);

} // namespace dubito::model
