// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/base/Error.h"
#include "backend/model/AdapterConfig.h"
#include "backend/model/ModelConfig.h"
#include "backend/model/Parameters.h"
#include "backend/model/Safetensors.h"

#include <filesystem>
#include <span>

namespace dubito::model {

/// Whether a folder holds an adapter: it has an adapter_config.json.
bool isAdapterFolder(const std::filesystem::path& folder);

/// An adapter in the layout of PEFT: adapter_config.json and adapter_model.safetensors.
///
/// Mapped; checked against the base before a number is read. Immutable after open(): any thread.
class AdapterFile {
public:
    /// ErrorCode::Model (NotFound when there is none) says what does not fit the base: a tensor of another shape or
    /// type, one that is missing or that nobody knows.
    static Result<AdapterFile> open(const std::filesystem::path& folder, const ModelConfig& base);

    const AdapterConfig& config() const { return m_config; }
    const LoraConfig& lora() const { return m_config.lora; }

    /// Every tensor to its place, decoded; padding becomes 0. ErrorCode::Model when a number is NaN or infinite.
    /// Requires: layout is ParameterLayout::ofAdapter(base, lora()).
    Result<void> readAll(const ParameterLayout& layout, std::span<float> block) const;

private:
    AdapterFile(AdapterConfig config, Safetensors file);
    Result<void> findTargets();
    Result<void> check(const ModelConfig& base) const;

    AdapterConfig m_config;
    Safetensors m_file;
};

/// The base of an adapter: `named` when it is given, else where base_model_name_or_path leads, seen from the working
/// directory, from the adapter, and beside it. ErrorCode::Model says what was looked at.
Result<std::filesystem::path> findBase(
    const std::filesystem::path& adapter, const AdapterConfig& config, const std::filesystem::path& named);

} // namespace dubito::model
