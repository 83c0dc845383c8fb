// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/base/Text.h"
#include "backend/memory/PairSlopes.h"
#include "bench/Benches.h"
#include "bench/SmallModelRun.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <map>
#include <stdexcept>

namespace dubito::bench {

namespace {

constexpr std::size_t kBlocks = 16;

/// A fifth of the run warms up; the rest is cut into blocks, whose means carry the slope.
constexpr std::size_t kWarmUpShare = 5;

constexpr double kMostSlope = 0.001;
constexpr double kMostDriftMb = 2;

struct Level {
    std::array<double, kBlocks> means {};
    double blockSteps = 0;
    double stepMilliseconds = 0; ///< median
};

Level levelOf(const std::vector<nlohmann::json>& metrics)
{
    const std::size_t warmUp = metrics.size() / kWarmUpShare;
    const std::size_t block = (metrics.size() - warmUp) / kBlocks;
    if (block == 0) {
        throw std::runtime_error("the run was too short to be judged");
    }
    Level level { .blockSteps = static_cast<double>(block) };
    std::vector<double> times;
    for (std::size_t i = 0; i < block * kBlocks; ++i) {
        const auto& line = metrics[warmUp + i];
        level.means[i / block] += line.at("rss_mb").get<double>() / level.blockSteps;
        times.push_back(line.at("step_ms").get<double>());
    }
    const auto middle = times.begin() + static_cast<std::ptrdiff_t>(times.size() / 2);
    std::ranges::nth_element(times, middle);
    level.stepMilliseconds = *middle;
    return level;
}

} // namespace

int runSoakBench(const Arguments& arguments)
{
    try {
        std::map<std::string, std::string> wishes { { "--steps", "10000" }, { "--model", "" } };
        for (std::size_t i = 0; i < arguments.size(); i += 2) {
            if (!wishes.contains(arguments[i]) || i + 1 == arguments.size()) {
                throw std::runtime_error("unknown or incomplete argument " + arguments[i]);
            }
            wishes[arguments[i]] = arguments[i + 1];
        }
        const SmallModelRun run(wishes["--model"]);
        const int code = run.train({ "--steps", wishes["--steps"], "--checkpoint-interval", "500", "--validation",
            SmallModelRun::resources() / "sample/val.jsonl", "--set", "training.evaluation_interval=500" });
        if (code != 0) {
            throw std::runtime_error("the run ended with exit code " + std::to_string(code));
        }
        const auto events = run.events();
        const auto count = [&](const char* kind) {
            return std::ranges::count_if(events, [&](const auto& event) { return event.at("kind") == kind; });
        };
        const Level level = levelOf(run.metrics());
        const memory::PairSlopes line = memory::pairSlopes(level.means);
        const auto [lowest, highest] = std::ranges::minmax(level.means);
        const double watching = events.back().value("watching_us", 0.0);
        const double low = line.low / level.blockSteps;
        const double high = line.high / level.blockSteps;
        const nlohmann::ordered_json told { { "steps", wishes["--steps"] }, { "warns", count("warn") }, { "acts", count("act") },
            { "slope", line.slope / level.blockSteps }, { "low", low }, { "high", high }, { "drift_mb", highest - lowest },
            { "step_ms", level.stepMilliseconds }, { "watching_us", watching },
            { "watching_percentage", 100 * watching / (1000 * level.stepMilliseconds) } };
        std::printf("%s\n", told.dump().c_str());
        const bool isLevel = low <= 0 && high <= kMostSlope && highest - lowest < kMostDriftMb;
        return isLevel && count("act") == 0 && count("warn") <= 1 ? 0 : 10;
    } catch (const std::exception& error) {
        std::fprintf(stderr, "error: %s\n", error.what());
        return 2;
    }
}

} // namespace dubito::bench
