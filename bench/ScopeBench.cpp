// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/memory/MemoryScope.h"
#include "bench/Benches.h"
#include "bench/ScopeCost.h"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <fmt/format.h>

namespace dubito::bench {

namespace {

/// The compiler must believe that somebody else may change it.
memory::ScopeLog* volatile g_log = nullptr;

/// Nanoseconds of one scope, begin and end together: the best of five rounds.
double nanosecondsOf(memory::ScopeLog* log, std::int64_t times)
{
    g_log = log;
    double best = 1e18;
    for (int round = 0; round < 5; ++round) {
        const auto began = std::chrono::steady_clock::now();
        for (std::int64_t i = 0; i < times; ++i) {
            const memory::MemoryScope scope(g_log, "bench");
        }
        const std::chrono::duration<double, std::nano> took = std::chrono::steady_clock::now() - began;
        best = std::min(best, took.count() / static_cast<double>(times));
    }
    return best;
}

} // namespace

ScopeCost scopeCost()
{
    memory::TensorPool pool;
    memory::LinuxMemoryProbe probe;
    const SystemClock clock;
    memory::ScopeLog log(pool, probe, clock);
    return { .on = nanosecondsOf(&log, 20'000), .off = nanosecondsOf(nullptr, 20'000'000) };
}

int runScopeBench(const Arguments&)
{
    const ScopeCost cost = scopeCost();
    fmt::print("{{\"on_ns\": {:.0f}, \"on_promised_ns\": {:.0f}, \"off_ns\": {:.2f}, \"off_promised_ns\": {:.0f}}}\n", cost.on,
        kPromisedScopeCost.on, cost.off, kPromisedScopeCost.off);
    return cost.on <= kPromisedScopeCost.on && cost.off <= kPromisedScopeCost.off ? 0 : 10;
}

} // namespace dubito::bench
