// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/base/Error.h"
#include "backend/config/Config.h"
#include "backend/model/AdapterFile.h"
#include "backend/model/FrozenWeights.h"
#include "backend/model/ModelConfig.h"
#include "backend/model/WeightFiles.h"
#include "backend/train/Checkpoint.h"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace dubito::session {

/// What a run trains, as it was found and checked: a model, an adapter over it, or an adapter that is gone on with.
struct ModelSource {
    std::filesystem::path folder; ///< of the model; of an adapter's base
    model::ModelConfig config;
    std::optional<model::WeightFiles> weights; ///< nothing: random numbers from the seed
    model::LoraConfig lora {}; ///< off: every weight is trained
    std::optional<model::AdapterFile> adapter {}; ///< where the adapter begins; nothing: as new
    model::FrozenStorage frozen = model::FrozenStorage::Full;
    std::vector<std::string> notes {}; ///< sentences the user should hear
};

/// The adapter that training.lora_* ask for; off when they ask for none. ErrorCode::Usage.
Result<model::LoraConfig> wantedAdapter(const config::Training& training, const model::ModelConfig& config);

/// How the weights below an adapter are kept when `auto` would keep them as they are stored. ErrorCode::Usage when the keys
/// contradict each other.
Result<model::FrozenStorage> frozenStorage(const config::Training& training, model::FrozenStorage stored);

/// Opens a model folder, or an adapter and then its base. Nothing large is read. Refuses in a sentence what does not fit
/// together: weights and config, adapter and base, the keys training.lora_* and an adapter that is gone on with.
Result<ModelSource> openModelSource(const std::filesystem::path& named, const config::Config& config);

/// What makes its checkpoints complete: of an adapter its adapter_config.json, of a model its config.json.
Result<train::CompanionFiles> companionsOf(const ModelSource& source);

/// The settings of an adapter as part of a fingerprint; empty when every weight is trained.
std::string adapterFingerprint(const model::LoraConfig& lora, model::FrozenStorage frozen);

/// The weights below the adapter: read from the files, or drawn from the seed. Requires: source.lora.isOn().
Result<model::FrozenWeights<float>> readBase(const model::ModelConfig& config,
    const std::optional<model::WeightFiles>& weights, model::FrozenStorage storage, std::uint64_t seed,
    TensorMemory& memory);

} // namespace dubito::session
