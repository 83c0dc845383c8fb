// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace dubito::train {

/// The numbers of one optimizer step, all from before its update.
struct StepResult {
    std::int64_t step = 0; ///< completed optimizer steps, this one included
    double crossEntropy = 0; ///< mean over all real targets of the effective batch, nats
    double weightedCrossEntropy = 0; ///< what the gradient was taken of
    double distrustTerm = 0; ///< mean published L of the labelled documents; 0 without any
    double publishedTotal = 0; ///< crossEntropy + lambda * distrustTerm
    double learningRate = 0;
    double gradientNorm = 0; ///< before clipping
    std::int64_t targets = 0;
    double effectiveSampleShare = 1; ///< of the newest kWeightWindow documents, in (0, 1]
    std::vector<double> classShares; ///< of the gradient weight in that window, by source class of the store
    std::vector<std::int64_t> documents; ///< indices in the store
};

/// Documents over which effective sample size and source shares are reported.
inline constexpr std::int64_t kWeightWindow = 512;

} // namespace dubito::train
