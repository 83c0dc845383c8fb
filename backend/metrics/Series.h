// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/metrics/Metric.h"

#include <chrono>
#include <cstdint>
#include <vector>

namespace dubito::metrics {

/// Some neighbouring samples folded into one: the extremes are kept, so that peaks survive.
struct Bucket {
    std::int64_t firstStep = 0;
    std::int64_t lastStep = 0;
    std::chrono::milliseconds firstTime { 0 }; ///< since the run began
    std::chrono::milliseconds lastTime { 0 };
    double minimum = 0;
    double maximum = 0;
    double sum = 0;
    std::int64_t samples = 0; ///< finite ones
    std::int64_t nonFinite = 0; ///< NaN or infinite ones: marked, never dropped

    double mean() const { return samples > 0 ? sum / static_cast<double>(samples) : 0.0; }

    friend bool operator==(const Bucket&, const Bucket&) = default;
};

struct Sample {
    std::int64_t step = 0;
    std::chrono::milliseconds time { 0 }; ///< since the run began
    double value = 0;

    friend bool operator==(const Sample&, const Sample&) = default;
};

inline constexpr std::size_t kMaxBuckets = 512;
inline constexpr std::size_t kMaxLatest = 1000;

/// The history of one metric as one sees it from outside: the whole run folded, and the newest samples raw.
struct Series {
    Metric metric = Metric::CrossEntropy;
    std::vector<Bucket> buckets; ///< at most kMaxBuckets, the whole run
    std::vector<Sample> latest; ///< at most kMaxLatest, raw

    friend bool operator==(const Series&, const Series&) = default;
};

} // namespace dubito::metrics
