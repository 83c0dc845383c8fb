// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/base/Error.h"
#include "backend/base/TensorMemory.h"
#include "backend/model/ModelConfig.h"
#include "backend/model/Tensor.h"
#include "backend/tokenizer/Tokenizer.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace dubito::session {

/// A model that is there to be asked, not to be trained: description, tokenizer and float32 parameters.
struct LoadedModel {
    std::filesystem::path folder;
    model::ModelConfig config;
    tokenizer::Tokenizer tokenizer;
    model::Tensor<float> parameters; ///< the block of model::ParameterLayout
    std::vector<std::int32_t> endIds; ///< tokens after which nothing follows
    std::vector<std::string> notes; ///< sentences the user should hear
};

/// Opens a model folder, a checkpoint, or an adapter merged into its base. ErrorCode::Model or NotFound says what is wrong with it; a folder without weights
/// is refused: random numbers have nothing to say.
Result<LoadedModel> loadModel(const std::filesystem::path& named, TensorMemory& memory);

} // namespace dubito::session
