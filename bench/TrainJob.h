// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/model/FrozenWeights.h"
#include "backend/model/LoraConfig.h"
#include "backend/model/ModelConfig.h"
#include "backend/model/ModelOptions.h"
#include "bench/Benches.h"

#include <cstdint>
#include <string>

namespace dubito::bench {

/// A training step to be measured, as the words of a command line name it.
struct TrainJob {
    std::string shape = "tiny"; ///< smollm-135m, tiny, or the path of a config.json
    std::string mode = "full"; ///< full, or lora: rank 16 on q, k, v and o
    std::string precision = "f32"; ///< f32, bf16: of the products
    std::string recompute = "off"; ///< gradient checkpointing
    std::string frozen = "auto"; ///< f32, bf16: how the weights below an adapter are kept; auto: as the products read them
    std::int64_t batch = 4;
    std::int64_t seq = 256;
    int threads = 0; ///< 0: one for each processor
    int steps = 8;

    /// Throws std::runtime_error with a sentence.
    static TrainJob parse(const Arguments& arguments);

    /// Throws when `shape` is a file that describes no model, or one that is too short for `seq`.
    model::ModelConfig model() const;

    /// Throws when the processor has no BF16 products.
    model::ModelOptions options() const;

    /// Off for mode full.
    model::LoraConfig lora() const;
    model::FrozenStorage storage() const;

    std::int64_t tokens() const { return batch * seq; }
};

} // namespace dubito::bench
