// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/base/Error.h"
#include "backend/model/SafetensorsWriter.h"

#include <cstdint>
#include <filesystem>
#include <span>

namespace dubito::model {

/// As Hugging Face cuts its models.
inline constexpr std::uint64_t kLargestShard = 5'000'000'000;

/// Writes the weights of a model folder: model.safetensors, or, when one file would be larger than `largest` bytes,
/// model-00001-of-00003.safetensors … with model.safetensors.index.json.
///
/// Tensors stay in their order and are asked for one after the other, once each; one that is larger than a shard has a
/// shard of its own. The index is written last. Bytes of all tensors come back. ErrorCode::Output, or what `numbers` says.
Result<std::uint64_t> writeWeightFiles(const std::filesystem::path& folder, std::span<const TensorPlan> plans,
    const TensorNumbers& numbers, std::uint64_t largest = kLargestShard);

} // namespace dubito::model
