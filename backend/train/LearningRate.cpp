// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/train/LearningRate.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace dubito::train {

double learningRate(std::int64_t completedSteps, const LearningRateRules& rules)
{
    const std::int64_t warmup = std::max<std::int64_t>(0, rules.warmupSteps);
    if (completedSteps < warmup) {
        return rules.peak * static_cast<double>(completedSteps) / static_cast<double>(warmup);
    }
    if (completedSteps >= rules.totalSteps) {
        return 0;
    }
    const double progress
        = static_cast<double>(completedSteps - warmup) / static_cast<double>(rules.totalSteps - warmup);
    return rules.peak * std::max(0.0, 0.5 * (1.0 + std::cos(std::numbers::pi * progress)));
}

} // namespace dubito::train
