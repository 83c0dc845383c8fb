// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/config/Config.h"
#include "backend/model/Footprint.h"
#include "backend/model/ModelConfig.h"
#include "backend/model/ModelOptions.h"

#include <cstdint>

namespace dubito::train {

/// What training.precision and training.gradient_checkpointing mean for this model in this shape: asked by the trainer, and
/// by the plan before it, so that both say the same.
///
/// `auto` computes layers again when what a step holds, all activations included, is more than `roomBytes`; 0: there is
/// always room. Whether the processor has BF16 products is checkBf16Products()'s. `shape.options` is not looked at.
model::ModelOptions stepOptions(const config::Training& training, const model::ModelConfig& model,
    model::TrainingShape shape, std::int64_t roomBytes);

} // namespace dubito::train
