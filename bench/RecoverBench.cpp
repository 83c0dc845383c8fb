// SPDX-License-Identifier: GPL-3.0-or-later
#include "bench/Benches.h"
#include "bench/SmallModelRun.h"

#include <algorithm>
#include <cstdio>
#include <optional>
#include <stdexcept>

namespace dubito::bench {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kBurst = 20; ///< the step whose end finds 2 GiB more
constexpr double kMostSeconds = 2;

double residentAt(const std::vector<nlohmann::json>& metrics, std::size_t step)
{
    return metrics.at(step - 1).at("rss_mb").get<double>();
}

std::optional<nlohmann::json> firstOf(const std::vector<nlohmann::json>& events, std::string_view kind)
{
    const auto found = std::ranges::find_if(events, [&](const auto& event) { return event.at("kind") == kind; });
    return found == events.end() ? std::nullopt : std::optional(*found);
}

/// Leaks 2 GiB at step 20 and reloads at once; false when the resident set does not come back.
bool isRecovered(const std::string& who)
{
    const SmallModelRun run(SmallModelRun::resources() / "tiny");
    const SmallModelRun::Words words { "--drill", who + ":102.4:bursty", "--steps", "30", "--reload-threshold", "1.5", "--set",
        "training.memory_leak_threshold_mb=100000", "--set", "memory.critical_percentage=100" };
    const bool isPool = who != "untracked";
    const int code = isPool ? run.train(words) : run.supervise(words);
    if (code != 0) {
        throw std::runtime_error("a run ended with exit code " + std::to_string(code));
    }
    const auto metrics = run.metrics();
    const auto events = run.events();
    const double baseline = residentAt(metrics, kBurst - 1);
    const double after = residentAt(metrics, metrics.size());
    const auto reload = firstOf(events, isPool ? "reload" : "retained");
    const double seconds = reload ? reload->value("seconds", -1.0) : -1.0;
    const bool isBack = after <= baseline + std::max(32.0, 0.02 * baseline);
    const bool isMet = reload && isBack && (!isPool || seconds < kMostSeconds);
    const Json line { { "leaked_in", isPool ? "pool" : "malloc" }, { "cured_by", isPool ? "reload" : "restart" },
        { "baseline_mb", baseline }, { "leaked_mb", residentAt(metrics, kBurst) - baseline }, { "after_mb", after },
        { "reload_seconds", seconds }, { "verdict", !reload ? "none" : isPool ? "ok" : "retained" }, { "met", isMet } };
    std::printf("%s\n", line.dump().c_str());
    std::fflush(stdout);
    return isMet;
}

} // namespace

int runRecoverBench(const Arguments&)
{
    try {
        const bool isPoolMet = isRecovered("activations");
        return isRecovered("untracked") && isPoolMet ? 0 : 10;
    } catch (const std::exception& error) {
        std::fprintf(stderr, "error: %s\n", error.what());
        return 2;
    }
}

} // namespace dubito::bench
