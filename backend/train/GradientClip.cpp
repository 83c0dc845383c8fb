// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/train/GradientClip.h"

#include "backend/base/Check.h"
#include "backend/base/VectorClones.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace dubito::train {

namespace {

/// As many as training.threads may ask for.
constexpr int kMaxThreads = 1024;
constexpr std::int64_t kLanes = 16;

DUBITO_VECTOR_CLONES
double sumOfSquares(const float* values, std::int64_t count)
{
    std::array<double, kLanes> lanes {};
    std::int64_t i = 0;
    for (; i + kLanes <= count; i += kLanes) {
        for (std::int64_t lane = 0; lane < kLanes; ++lane) {
            const double value = static_cast<double>(values[i + lane]);
            lanes[static_cast<std::size_t>(lane)] += value * value;
        }
    }
    for (; i < count; ++i) {
        lanes[0] += static_cast<double>(values[i]) * static_cast<double>(values[i]);
    }
    double sum = 0;
    for (const double lane : lanes) {
        sum += lane;
    }
    return sum;
}

} // namespace

double globalNorm(std::span<const float> gradients, Parallel& parallel)
{
    CHECK(parallel.threads() <= kMaxThreads, "more threads than the sum has places for");
    std::array<double, kMaxThreads> partial {};
    parallel.forSlices(static_cast<std::int64_t>(gradients.size()), kLanes,
        [&](std::int64_t begin, std::int64_t end, int thread) {
            partial[static_cast<std::size_t>(thread)] = sumOfSquares(gradients.data() + begin, end - begin);
        });
    double sum = 0;
    for (int thread = 0; thread < parallel.threads(); ++thread) {
        sum += partial[static_cast<std::size_t>(thread)];
    }
    return std::sqrt(sum);
}

double clipFactor(double norm, double limit)
{
    return limit > 0 ? std::min(1.0, limit / (norm + 1e-6)) : 1.0;
}

} // namespace dubito::train
