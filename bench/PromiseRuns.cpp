// SPDX-License-Identifier: GPL-3.0-or-later
#include "bench/Drift.h"
#include "bench/Promises.h"
#include "bench/SmallModelRun.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <fstream>
#include <iterator>
#include <stdexcept>

namespace dubito::bench {

namespace {

using Words = SmallModelRun::Words;

void trainWell(const SmallModelRun& run, const Words& words)
{
    if (const int code = run.train(words); code != 0) {
        throw std::runtime_error(fmt::format("a run ended with exit code {}", code));
    }
}

std::int64_t countOf(const SmallModelRun& run, std::string_view kind)
{
    const auto events = run.events();
    return std::ranges::count_if(events, [&](const auto& event) { return event.at("kind") == kind; });
}

/// Numbers of every step that a repetition must find again, digit for digit.
std::vector<std::string> curveOf(const SmallModelRun& run)
{
    std::vector<std::string> curve;
    for (const auto& line : run.metrics()) {
        curve.push_back(line.at("ce").dump() + line.at("weighted_ce").dump() + line.at("grad_norm").dump());
    }
    return curve;
}

std::string weightsOf(const SmallModelRun& run, int step)
{
    const auto path = run.folder() / "run" / fmt::format("checkpoint-{}", step) / "model.safetensors";
    std::ifstream in(path, std::ios::binary);
    if (!in) {
        throw std::runtime_error("there is no " + path.string());
    }
    return { std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>() };
}

std::vector<Promise> stability()
{
    const SmallModelRun run;
    trainWell(run, { "--steps", "4000", "--checkpoint-interval", "1000", "--set", "memory.budget_gb=1" });
    const Drift drift = driftOf(run.metrics());
    // A small process doubles by filling its histories: the promise is of one of 2 GB, so MB decide and the share is told.
    constexpr double kAllowedMb = 0.05 * 2048;
    const double percentage = 100 * drift.driftMb / drift.mostMb;
    return { { "P6", "1000 steps and more within the budget: slope interval contains 0, resident set below it",
                 fmt::format("{:.6f} … {:.6f} MB/step over 4,000 steps, at most {:.0f} of 1,024 MB", drift.low, drift.high, drift.mostMb),
                 drift.low <= 0 && drift.high >= 0 && drift.mostMb <= 1024 },
        { "P25", "2 GB become at most 2.1 (5 %) in ten minutes",
            fmt::format("{:.1f} MB in 4,000 steps (5 % of 2 GB are {:.0f}); of this process of {:.0f} MB it is {:.1f} %", drift.driftMb,
                kAllowedMb, drift.mostMb, percentage),
            drift.driftMb <= kAllowedMb } };
}

/// Many more reloads than three an hour are allowed: without them the run is given up at the fourth, at the threshold too.
Promise stress(std::string id, double leakMb)
{
    constexpr double kThresholdMb = 512;
    const SmallModelRun run;
    trainWell(run,
        { "--steps", "10000", "--drill", fmt::format("activations:{}", leakMb), "--reload-threshold", "0.5", "--set",
            "training.memory_leak_threshold_mb=100000", "--set", "reload.per_hour=1000" });
    double most = 0;
    for (const auto& line : run.metrics()) {
        most = std::max(most, line.at("rss_mb").get<double>());
    }
    const auto reloads = countOf(run, "reload");
    // The threshold is of the anonymous part; mapped files of the program come on top.
    constexpr double kMappedMb = 64;
    return { std::move(id), "10,000 steps with a leak and a threshold alone: at most the threshold and one step more; reloads happen",
        fmt::format("{} MB/step: at most {:.0f} MB resident at a threshold of {:.0f}, reloads: {}", leakMb, most, kThresholdMb, reloads),
        reloads > 0 && most <= kThresholdMb + leakMb + kMappedMb };
}

Promise halving()
{
    const SmallModelRun whole;
    const SmallModelRun halves;
    trainWell(whole, { "--steps", "1", "--batch-size", "4", "--accumulate", "1" });
    trainWell(halves, { "--steps", "1", "--batch-size", "2", "--accumulate", "2" });
    const double a = whole.metrics().front().at("grad_norm");
    const double b = halves.metrics().front().at("grad_norm");
    const double difference = std::abs(a - b) / a;
    return { "P10", "half the batch with twice the accumulation: gradients equal to 1e-6",
        fmt::format("norm {:.8f} and {:.8f}, {:.1e} apart", a, b, difference), difference <= 1e-6 };
}

std::vector<Promise> exactness()
{
    const SmallModelRun plain;
    const SmallModelRun again;
    const SmallModelRun reloaded;
    const Words words { "--steps", "80", "--checkpoint-interval", "40" };
    trainWell(plain, words);
    trainWell(again, words);
    Words withReload = words;
    withReload.insert(withReload.end(), { "--reload-interval", "20" });
    trainWell(reloaded, withReload);
    const auto curve = curveOf(plain);
    const bool isExact = curve == curveOf(reloaded) && weightsOf(plain, 80) == weightsOf(reloaded, 80);
    const bool isSame = curve == curveOf(again) && weightsOf(plain, 80) == weightsOf(again, 80);
    const auto word = [](bool is) { return is ? "equal" : "different"; };
    return { { "P12", "2N steps = N, reload, N: bit for bit",
                 fmt::format("80 steps with {} reloads: losses, gradient norms and weights {}", countOf(reloaded, "reload"), word(isExact)),
                 isExact && countOf(reloaded, "reload") > 0 },
        { "P30", "the same seed: byte for byte the same", fmt::format("losses, gradient norms and weights {}", word(isSame)), isSame } };
}

} // namespace

std::vector<Promise> promisesOfRuns()
{
    std::vector<Promise> promises = stability();
    promises.push_back(stress("P7, slow leak", 0.07));
    promises.push_back(stress("P7, fast leak", 4));
    promises.push_back(halving());
    for (Promise& promise : exactness()) {
        promises.push_back(std::move(promise));
    }
    return promises;
}

} // namespace dubito::bench
