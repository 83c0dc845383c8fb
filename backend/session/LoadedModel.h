// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/base/Error.h"
#include "backend/base/TensorMemory.h"
#include "backend/model/FrozenWeights.h"
#include "backend/model/IncrementalModel.h"
#include "backend/model/LoraConfig.h"
#include "backend/model/ModelConfig.h"
#include "backend/model/Tensor.h"
#include "backend/tokenizer/Tokenizer.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace dubito::session {

/// An adapter that is there to be asked.
struct LoadedAdapter {
    model::LoraConfig lora;
    model::Tensor<float> numbers; ///< a block of model::ParameterLayout::ofAdapter()
};

/// A model that is there to be asked, not to be trained: description, tokenizer and weights.
///
/// Matrices that are stored as BF16 stay so, two bytes a number; an adapter stands beside its base and is not merged.
struct LoadedModel {
    std::filesystem::path folder; ///< as it was named
    model::ModelConfig config;
    tokenizer::Tokenizer tokenizer;
    model::FrozenWeights<float> weights;
    std::optional<LoadedAdapter> adapter;
    std::vector<std::int32_t> endIds; ///< tokens after which nothing follows
    std::vector<std::string> notes; ///< sentences the user should hear

    /// Views of what stands here.
    model::ReadingWeights reading() const;
};

/// What a user has named.
struct NamedModel {
    std::filesystem::path folder; ///< a model, a checkpoint, or an adapter
    std::filesystem::path base {}; ///< of an adapter; empty: its adapter_config.json says
};

/// Opens a model folder, a checkpoint, or an adapter with its base. ErrorCode::Model or NotFound says what is wrong with
/// it; a folder without weights is refused: random numbers have nothing to say.
Result<LoadedModel> loadModel(const NamedModel& named, TensorMemory& memory);

} // namespace dubito::session
