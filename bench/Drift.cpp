// SPDX-License-Identifier: GPL-3.0-or-later
#include "bench/Drift.h"

#include "backend/memory/PairSlopes.h"

#include <algorithm>
#include <array>
#include <stdexcept>

namespace dubito::bench {

namespace {

/// What is left after the warm-up is cut into blocks, whose means carry the slope.
constexpr std::size_t kBlocks = 16;
constexpr std::size_t kWarmUpShare = 5;
/// The kernel adds up resident pages in batches of 32 and more for each processor (before 6.2 of 64 for each thread), so that statm
/// is that far off (proc_pid_statm(5)): what moves less than this over the whole run cannot be told from standing still.
constexpr double kResolutionMb = 0.25;

} // namespace

Drift driftOf(const std::vector<nlohmann::json>& metrics)
{
    const std::size_t warmUp = metrics.size() / kWarmUpShare;
    const std::size_t block = (metrics.size() - warmUp) / kBlocks;
    if (block == 0) {
        throw std::runtime_error("the run was too short to be judged");
    }
    const auto blockSteps = static_cast<double>(block);
    std::array<double, kBlocks> means {};
    std::vector<double> times;
    Drift drift;
    for (std::size_t i = 0; i < block * kBlocks; ++i) {
        const auto& line = metrics[warmUp + i];
        const double resident = line.at("rss_mb").get<double>();
        means[i / block] += resident / blockSteps;
        drift.mostMb = std::max(drift.mostMb, resident);
        times.push_back(line.at("step_ms").get<double>());
    }
    const auto middle = times.begin() + static_cast<std::ptrdiff_t>(times.size() / 2);
    std::ranges::nth_element(times, middle);
    drift.stepMilliseconds = *middle;
    const memory::PairSlopes line = memory::pairSlopes(means);
    drift.slope = line.slope / blockSteps;
    drift.resolution = kResolutionMb / (blockSteps * kBlocks);
    drift.low = line.low / blockSteps - drift.resolution;
    drift.high = line.high / blockSteps + drift.resolution;
    const auto [lowest, highest] = std::ranges::minmax(means);
    drift.driftMb = highest - lowest;
    return drift;
}

} // namespace dubito::bench
