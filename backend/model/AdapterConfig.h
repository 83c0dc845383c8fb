// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/base/Error.h"
#include "backend/model/LoraConfig.h"

#include <filesystem>
#include <string>
#include <string_view>

namespace dubito::model {

inline constexpr const char* kAdapterConfigFile = "adapter_config.json";
inline constexpr const char* kAdapterWeightsFile = "adapter_model.safetensors";

/// Before every name of a tensor in an adapter file, as PEFT writes it.
inline constexpr std::string_view kAdapterPrefix = "base_model.model.";

/// What adapter_config.json says.
struct AdapterConfig {
    LoraConfig lora; ///< no targets when the file gives them as a pattern: then the stored tensors tell
    std::string base; ///< base_model_name_or_path, as written
};

/// Reads and checks adapter_config.json of PEFT. ErrorCode::Model (NotFound when it is absent) names the key.
///
/// Refused in words: what is no LoRA, rank 0, a projection that this program does not know, and what changes the
/// arithmetic or trains more than the two matrices: bias other than none, dora, patterns of ranks, some layers only,
/// whole modules, transposed weights. rslora is understood.
Result<AdapterConfig> readAdapterConfig(const std::filesystem::path& file);

/// The same from text; `where` names it in errors.
Result<AdapterConfig> parseAdapterConfig(std::string_view text, const std::string& where);

/// For others to read.
std::string toAdapterConfigJson(const AdapterConfig& config);

} // namespace dubito::model
