// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/base/Error.h"
#include "backend/train/TrainState.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace dubito::train {

/// The names by which people and other tools find a checkpoint.
enum class CheckpointLink : std::uint8_t { Final, Best };

/// "final", "checkpoint-best".
std::string_view toWord(CheckpointLink link);

/// "checkpoint-120"; the step of such a name, or -1.
std::string checkpointName(std::int64_t step);
std::int64_t checkpointStep(std::string_view name);

/// A checkpoint that was verified, and the newer ones that were not good, each with the reason.
struct GoodCheckpoint {
    std::filesystem::path directory;
    TrainProgress progress;
    std::vector<Error> damaged; ///< newest first
};

/// The newest checkpoint of a run folder whose every file fits its manifest.
///
/// NotFound when the folder holds none at all; ErrorCode::Model names each when all are damaged.
Result<GoodCheckpoint> newestGood(const std::filesystem::path& runFolder);

/// Steps of the checkpoints in the folder, rising; links and half-written ones do not count.
std::vector<std::int64_t> checkpointsIn(const std::filesystem::path& runFolder);

/// Points `link` at a checkpoint of the same folder, in one rename. ErrorCode::Output.
Result<void> pointLink(const std::filesystem::path& runFolder, CheckpointLink link, std::int64_t step);

/// The step a link points at, or -1.
std::int64_t linkedStep(const std::filesystem::path& runFolder, CheckpointLink link);

/// Removes what a killed process left half-written. Requires: nobody writes into the folder.
Result<void> removePartials(const std::filesystem::path& runFolder);

/// Keeps `newest`, and of the older ones the newest until there are `limit`; removes the others but for those a link
/// points at. Newer ones than `newest` stay. A limit of 0 or less removes nothing. ErrorCode::Output.
Result<void> applyLimit(const std::filesystem::path& runFolder, std::int64_t newest, std::int64_t limit);

} // namespace dubito::train
