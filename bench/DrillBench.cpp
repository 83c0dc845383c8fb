// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/memory/LeakDrill.h"
#include "bench/Benches.h"
#include "bench/SmallModelRun.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <map>
#include <optional>
#include <stdexcept>

namespace dubito::bench {

namespace {

using memory::DrillShape;
using Json = nlohmann::ordered_json;

constexpr std::array kRates { 0.05, 0.1, 0.5, 1.0, 5.0 };
constexpr std::int64_t kBegins = 600;

/// Steps between two portions of the leak, on average.
std::int64_t portionSteps(DrillShape shape)
{
    switch (shape) {
    case DrillShape::Bursty:
        return 20;
    case DrillShape::Intermittent:
        return 10;
    case DrillShape::Constant:
        break;
    }
    return 1;
}

/// How late the first alarm may be; nothing where none is promised. Plain malloc: the p90 of the literature's ladder.
std::optional<std::int64_t> limitOf(const memory::Drill& drill)
{
    if (drill.who == "untracked") {
        return drill.mbPerStep < 0.5 ? std::nullopt : std::optional<std::int64_t>(drill.mbPerStep < 1 ? 132 : 134);
    }
    return std::max<std::int64_t>(60, 12 * portionSteps(drill.shape));
}

struct Outcome {
    std::optional<std::int64_t> warnedAfter;
    std::optional<std::int64_t> actedAfter;
    std::string blamed;
    std::string site;
    int early = 0; ///< alarms before the leak
};

Outcome outcomeOf(const std::vector<nlohmann::json>& events)
{
    Outcome outcome;
    for (const auto& event : events) {
        const std::string kind = event.at("kind");
        if (kind != "warn" && kind != "act") {
            continue;
        }
        const std::int64_t delay = event.at("step").get<std::int64_t>() - kBegins;
        if (delay < 0) {
            ++outcome.early;
            continue;
        }
        if (outcome.blamed.empty()) {
            outcome.blamed = event.at("cause");
            const std::string text = event.at("message");
            const std::size_t by = text.find("most by ");
            outcome.site = by == std::string::npos ? "" : text.substr(by + 8);
        }
        auto& first = kind == "act" ? outcome.actedAfter : outcome.warnedAfter;
        first = first.value_or(delay);
    }
    return outcome;
}

/// Runs one drill and prints its line; false when it misses its limit or blames somebody else. `seed`: of the run, and of
/// when an intermittent leak comes.
bool isMet(const memory::Drill& drill, const std::string& seed)
{
    const SmallModelRun run;
    const std::int64_t steps = kBegins + (drill.mbPerStep < 0.5 ? 1500 : 700);
    run.train({ "--drill", fmt::format("{}:{}:{}@{}", drill.who, drill.mbPerStep, toWord(drill.shape), kBegins), "--steps",
        std::to_string(steps), "--seed", seed, "--set", "reload.per_hour=0" });
    const Outcome outcome = outcomeOf(run.events());
    const auto limit = limitOf(drill);
    const auto orNull = [](const auto& value) { return value ? Json(*value) : Json(); };
    // An act is a warning too, and may come first.
    const std::int64_t never = steps;
    const std::int64_t first = std::min(outcome.warnedAfter.value_or(never), outcome.actedAfter.value_or(never));
    const bool isInTime = !limit || (first <= *limit && outcome.blamed == drill.who);
    const Json line { { "who", drill.who }, { "mb_per_step", drill.mbPerStep }, { "shape", toWord(drill.shape) }, { "seed", seed },
        { "warned_after", orNull(outcome.warnedAfter) }, { "acted_after", orNull(outcome.actedAfter) },
        { "blamed", outcome.blamed }, { "site", outcome.site }, { "early", outcome.early }, { "limit", orNull(limit) },
        { "met", isInTime } };
    std::printf("%s\n", line.dump().c_str());
    std::fflush(stdout);
    return isInTime;
}

} // namespace

int runDrillBench(const Arguments& arguments)
{
    try {
        std::map<std::string, std::string> wishes { { "--who", "all" }, { "--seed", "42" } };
        for (std::size_t i = 0; i < arguments.size(); i += 2) {
            if (!wishes.contains(arguments[i]) || i + 1 == arguments.size()) {
                throw std::runtime_error("unknown or incomplete argument " + arguments[i]);
            }
            wishes[arguments[i]] = arguments[i + 1];
        }
        const std::string& who = wishes["--who"];
        std::vector<std::string> all(kCategoryWords.begin(), kCategoryWords.end());
        all.emplace_back("untracked");
        int missed = 0;
        for (const std::string& one : all) {
            for (const double rate : kRates) {
                for (const DrillShape shape : { DrillShape::Constant, DrillShape::Bursty, DrillShape::Intermittent }) {
                    if (who == "all" || who == one) {
                        missed += isMet({ .who = one, .mbPerStep = rate, .shape = shape }, wishes["--seed"]) ? 0 : 1;
                    }
                }
            }
        }
        return missed > 0 ? 10 : 0;
    } catch (const std::exception& error) {
        std::fprintf(stderr, "error: %s\n", error.what());
        return 2;
    }
}

} // namespace dubito::bench
