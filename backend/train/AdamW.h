// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/base/Parallel.h"
#include "backend/model/Bf16.h"
#include "backend/model/Parameters.h"

#include <cstdint>
#include <span>
#include <vector>

namespace dubito::train {

/// Which parameters are decayed: all of them (as PyTorch does by default), or all but norms and biases.
enum class Decay : std::uint8_t { All, NotNormsAndBiases };

struct AdamWRules {
    double beta1 = 0.9;
    double beta2 = 0.999;
    double epsilon = 1e-8;
    double weightDecay = 0.01;
    Decay decay = Decay::All;
};

/// The blocks of one layout that a step works on.
struct AdamWBlocks {
    std::span<float> parameters;
    std::span<float> gradients; ///< read, then set to 0 for the next step
    std::span<float> firstMoments;
    std::span<float> secondMoments;
    std::span<model::Bf16> narrow {}; ///< where the new parameters are also written as BF16; empty: nowhere
};

/// Adam with decoupled weight decay (Loshchilov, Hutter 2019), with the arithmetic of PyTorch:
/// p *= 1 − lr·wd; m, v; p −= lr/(1−β1^t) · m / (√v/√(1−β2^t) + ε).
///
/// One pass over memory, on all threads; the clip factor is folded in. Elements do not depend on each other, so the
/// bits do not depend on the number of threads.
class AdamW {
public:
    AdamW(const model::ParameterLayout& layout, const AdamWRules& rules);

    /// `number` counts optimizer steps from 1; `gradientScale` is the clip factor.
    void step(const AdamWBlocks& blocks, std::int64_t number, double learningRate, double gradientScale,
        Parallel& parallel) const;

private:
    struct Range {
        std::int64_t begin = 0;
        std::int64_t end = 0;
        double weightDecay = 0;
    };

    AdamWRules m_rules;
    std::vector<Range> m_ranges; ///< neighbours of equal decay are one range
};

} // namespace dubito::train
