// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

namespace dubito::train {

/// Warm-up, then cosine to 0: the schedule of Hugging Face's get_cosine_schedule_with_warmup.
struct LearningRateRules {
    double peak = 5e-5;
    std::int64_t warmupSteps = 0;
    std::int64_t totalSteps = 0;
};

/// The rate of the step that follows `completedSteps` optimizer steps.
///
/// Linear from 0 while completedSteps < warmupSteps (so the first step of a warm-up has rate 0 and only fills the
/// moments), then ½ (1 + cos(π · progress)). 0 at and beyond the end; a warm-up as long as the run never decays.
double learningRate(std::int64_t completedSteps, const LearningRateRules& rules);

} // namespace dubito::train
