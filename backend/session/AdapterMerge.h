// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/base/Error.h"
#include "backend/model/Dtype.h"
#include "backend/model/LoraConfig.h"
#include "backend/session/LoadedModel.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace dubito::session {

struct MergeRequest {
    NamedModel named; ///< the adapter and, where it does not know it, its base
    std::filesystem::path output; ///< absent, or an empty folder
    std::optional<model::Dtype> dtype; ///< of every tensor: F32, BF16 or F16; nothing: as the base has stored it
    std::uint64_t largestFile = 0; ///< bytes; 0: what Hugging Face takes
    std::stop_token stop {};
    std::function<void(const std::string& activity, double share)> onProgress {};
};

struct MergeReport {
    std::filesystem::path base;
    model::LoraConfig lora;
    std::int64_t adapted = 0; ///< tensors that the adapter has changed
    std::uint64_t bytes = 0; ///< of the weights on the disk
    /// What rounding took away, as a share of what the adapter has added (root mean squares); 0 for F32.
    double lost = 0;
    std::vector<std::string> notes; ///< sentences the user should hear
};

/// Adds an adapter into the weights of its base, W + scale · B · A, and writes a whole model folder that other tools load:
/// config.json, weights (in shards when they are large), tokenizer.
///
/// One tensor at a time: a model that does not fit the memory can be merged. The folder appears whole or not at all.
/// ErrorCode::Model or NotFound for what does not fit together, Usage for an output that holds something, Output,
/// Refused when stopped.
Result<MergeReport> mergeAdapter(const MergeRequest& request);

} // namespace dubito::session
