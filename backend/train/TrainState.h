// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/base/Random.h"
#include "backend/model/Parameters.h"

#include <cstdint>
#include <limits>
#include <span>
#include <string>

namespace dubito::train {

/// The small part of what must survive a reload; state.json of a checkpoint.
///
/// It is taken between two optimizer steps, when no gradient is accumulated: what "accumulation" there is to restore is
/// how many micro-batches make a step.
struct TrainProgress {
    std::int64_t step = 0; ///< completed optimizer steps
    std::int64_t totalSteps = 0; ///< the length of the schedule
    std::int64_t tokensSeen = 0; ///< real targets
    std::int64_t epoch = 0; ///< cursor of the sampler: consumed, not prefetched
    std::int64_t position = 0;
    RandomState random;
    std::int64_t batchSize = 0; ///< sequences of a micro-batch, after reductions
    std::int64_t accumulate = 1; ///< micro-batches of a step
    double weightMean = 1; ///< mean raw distrust weight of the training split
    double bestValidation = std::numeric_limits<double>::infinity();
    std::int64_t bestStep = -1;
    /// Checksum of what must be equal for the curve to go on: corpus, tokenizer, model shape, seed, weighting.
    std::string fingerprint;

    friend bool operator==(const TrainProgress&, const TrainProgress&) = default;
};

/// All that must survive, as a view on the live blocks: parameters and both AdamW moments in one layout.
struct TrainStateView {
    const model::ParameterLayout* layout = nullptr;
    std::span<const float> parameters;
    std::span<const float> firstMoments;
    std::span<const float> secondMoments;
    TrainProgress progress;
};

/// The same, to be written into: a restored checkpoint lands here.
struct TrainStateTarget {
    const model::ParameterLayout* layout = nullptr;
    std::span<float> parameters;
    std::span<float> firstMoments;
    std::span<float> secondMoments;
};

} // namespace dubito::train
