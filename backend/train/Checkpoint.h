// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/base/Error.h"
#include "backend/model/ModelConfig.h"
#include "backend/train/TrainState.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <string>

namespace dubito::train {

/// The small files that make a checkpoint a complete Hugging Face folder: name to text, at least config.json
/// or, of an adapter, adapter_config.json.
using CompanionFiles = std::map<std::string, std::string>;

/// config.json of the model as it is trained here, and what the tokenizer and generation need from `modelFolder`, where
/// present. tokenizer.json must be there. ErrorCode::Model.
Result<CompanionFiles> readCompanions(const std::filesystem::path& modelFolder, const model::ModelConfig& config);

/// What a successful write left behind.
struct WrittenCheckpoint {
    std::filesystem::path directory; ///< <run folder>/checkpoint-N
    std::int64_t step = 0;
    std::int64_t bytes = 0;
};

/// Called on the writing thread when every file is on the disk and before the directory gets its name: what must be
/// durable first (the metrics lines up to this step). An error leaves no checkpoint behind.
using BeforePublish = std::function<Result<void>()>;

/// Writes `<runFolder>/checkpoint-<step>/`: the companions, model.safetensors (or adapter_model.safetensors, when the
/// layout is an adapter's: the companions then hold adapter_config.json in place of config.json), state/optimizer.safetensors,
/// state/state.json and, last, manifest.json with size and checksum of each.
///
/// Written beside as checkpoint-N.partial-PID, every file synced, renamed, directory synced. One of the same step is
/// replaced in one exchange. ErrorCode::Output names the path and leaves nothing half-written; older checkpoints are
/// never touched. Floats are stored bit for bit. One writer per run folder at a time: use CheckpointWriter.
Result<WrittenCheckpoint> writeCheckpoint(const std::filesystem::path& runFolder, const TrainStateView& state,
    const CompanionFiles& companions, const BeforePublish& beforePublish = {});

/// Every file against the manifest, by size and checksum, and state.json. ErrorCode::Model names the damaged file and
/// how it is damaged.
Result<TrainProgress> verifyCheckpoint(const std::filesystem::path& checkpoint);

/// Verifies, then fills parameters and both moments; padding becomes 0. ErrorCode::Model when something is damaged
/// (nothing has been used then) or belongs to a model of another shape.
Result<TrainProgress> loadCheckpoint(const std::filesystem::path& checkpoint, const TrainStateTarget& target);

} // namespace dubito::train
