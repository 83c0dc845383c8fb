// SPDX-License-Identifier: GPL-3.0-or-later
#include "bench/Benches.h"
#include "bench/Drift.h"
#include "bench/SmallModelRun.h"

#include <algorithm>
#include <cstdio>
#include <map>
#include <stdexcept>

namespace dubito::bench {

namespace {

constexpr double kMostSlope = 0.001;
constexpr double kMostDriftMb = 2;

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
        const Drift drift = driftOf(run.metrics());
        const double watching = events.back().value("watching_us", 0.0);
        const nlohmann::ordered_json told { { "steps", wishes["--steps"] }, { "warns", count("warn") }, { "acts", count("act") },
            { "slope", drift.slope }, { "low", drift.low }, { "high", drift.high }, { "resolution", drift.resolution }, { "drift_mb", drift.driftMb },
            { "step_ms", drift.stepMilliseconds }, { "watching_us", watching },
            { "watching_percentage", 100 * watching / (1000 * drift.stepMilliseconds) } };
        std::printf("%s\n", told.dump().c_str());
        const bool isLevel = drift.low <= 0 && drift.high <= kMostSlope && drift.driftMb < kMostDriftMb;
        return isLevel && count("act") == 0 && count("warn") <= 1 ? 0 : 10;
    } catch (const std::exception& error) {
        std::fprintf(stderr, "error: %s\n", error.what());
        return 2;
    }
}

} // namespace dubito::bench
