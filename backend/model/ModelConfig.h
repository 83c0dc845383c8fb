// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/base/Error.h"
#include "backend/model/Dtype.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dubito::model {

enum class Architecture : std::uint8_t { Llama, Mistral, Qwen2 };

std::string_view toWord(Architecture architecture);

/// How positions are stretched beyond those of the pre-training.
enum class RopeScaling : std::uint8_t { None, Linear, Llama3 };

/// Rotary positions. The fields below `scaling` mean something only for the scalings that are named.
struct RopeConfig {
    double theta = 10000;
    RopeScaling scaling = RopeScaling::None;
    double factor = 1;                     ///< Linear, Llama3
    double lowFreqFactor = 1;              ///< Llama3
    double highFreqFactor = 4;             ///< Llama3
    std::int64_t originalMaxPositions = 0; ///< Llama3

    friend bool operator==(const RopeConfig&, const RopeConfig&) = default;
};

/// What a model is, as its config.json says: a checked description from which every shape follows.
///
/// Every number has been checked by readModelConfig(): positive, not absurd, divisible where it must be. A config made
/// by hand (tests, plans) is checked by checkModelConfig().
struct ModelConfig {
    Architecture architecture = Architecture::Llama;
    std::int64_t hidden = 0; ///< C
    std::int64_t layers = 0;
    std::int64_t heads = 0;   ///< H
    std::int64_t kvHeads = 0; ///< heads is a multiple of it
    std::int64_t headDim = 0; ///< D, even; heads * headDim need not be hidden
    std::int64_t intermediate = 0;
    std::int64_t vocabulary = 0; ///< V
    std::int64_t maxPositions = 2048;
    double rmsEps = 1e-6;
    RopeConfig rope {};
    bool tiedHead = false;   ///< the output head is the embedding
    bool qkvBias = false;    ///< q_proj, k_proj and v_proj have a bias
    bool outputBias = false; ///< o_proj has a bias
    bool mlpBias = false;    ///< gate_proj, up_proj and down_proj have a bias
    double initializerRange = 0.02;
    std::optional<std::int64_t> bosId {};
    std::optional<std::int64_t> padId {};
    std::vector<std::int64_t> eosIds {};
    /// Attention that sees only so many positions back. Not built: longer sequences are refused (checkLength).
    std::optional<std::int64_t> slidingWindow {};

    /// The text of config.json as it was read, so that it can be written back whole; empty for a config made by hand.
    std::string sourceText {};
    /// What a user should hear about this model and no error is: sentences for the log.
    std::vector<std::string> warnings {};

    std::int64_t queryWidth() const { return heads * headDim; }
    std::int64_t keyWidth() const { return kvHeads * headDim; }
};

/// Reads and checks a Hugging Face config.json. ErrorCode::Model (NotFound when it is absent) names the key.
///
/// Refused in words: another model_type, activation or rope type, quantised weights, a value of the wrong type or sign,
/// heads that do not divide, sizes that no machine holds. Both spellings of the rope settings are read.
Result<ModelConfig> readModelConfig(const std::filesystem::path& configJson);

/// The same from text; `where` names it in errors.
Result<ModelConfig> parseModelConfig(std::string_view text, const std::string& where);

/// The rules between the fields; `where` names the config in errors.
Result<void> checkModelConfig(const ModelConfig& config, const std::string& where);

/// config.json for a folder whose weights are of that dtype: the text that was read with its dtype changed, or a new one.
/// Requires: isWeightDtype(dtype).
std::string toConfigJson(const ModelConfig& config, Dtype dtype = Dtype::F32);

/// Refuses sequences that the attention of this model would see through a sliding window.
Result<void> checkLength(const ModelConfig& config, std::int64_t tokens);

/// Numbers in all parameters together; the head counts only when it is not tied.
std::int64_t parameterCount(const ModelConfig& config);

} // namespace dubito::model
