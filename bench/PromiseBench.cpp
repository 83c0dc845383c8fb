// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/base/Text.h"
#include "backend/data/JsonlReader.h"
#include "backend/health/HealthBoard.h"
#include "backend/memory/LeakJudge.h"
#include "backend/memory/MemoryLevels.h"
#include "backend/memory/MemoryScope.h"
#include "backend/memory/PressureGuard.h"
#include "backend/memory/RepeatProbe.h"
#include "backend/metrics/MetricBoard.h"
#include "backend/reload/ReloadPolicy.h"
#include "bench/Benches.h"
#include "bench/Promises.h"
#include "bench/ScopeCost.h"
#include "tests/support/FakeProbe.h"
#include "tests/support/ManualClock.h"
#include "tests/support/TemporaryFolder.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <sys/resource.h>

namespace dubito::bench {

namespace {

/// The steps of 1,000 at which a reload is due, of a run that passes 65 GiB at step 151 and comes back to 10 by a reload.
std::vector<std::int64_t> reloadsWith(const reload::ReloadRules& rules)
{
    std::vector<std::int64_t> steps;
    std::int64_t last = 0;
    for (std::int64_t step = 1; step <= 1000; ++step) {
        const reload::ReloadFacts facts { .stepsSinceReload = step - last,
            .residentBytes = last < 151 && step >= 151 ? 66 * kGiB : 10 * kGiB,
            .residentBytesAfterReload = 10 * kGiB };
        if (dueReload(facts, rules) != reload::ReloadCause::None) {
            steps.push_back(step);
            last = step;
        }
    }
    return steps;
}

Promise truthTable()
{
    const auto none = reloadsWith({});
    const auto threshold = reloadsWith({ .intervalSteps = 0, .thresholdBytes = 65 * kGiB });
    const auto interval = reloadsWith({ .intervalSteps = 100, .thresholdBytes = 0 });
    const auto both = reloadsWith({ .intervalSteps = 100, .thresholdBytes = 65 * kGiB });
    const bool isKept = none.empty() && threshold == std::vector<std::int64_t> { 151 } && interval.size() == 10
        && both.size() == 10 && both[1] == 151 && both[2] == 251;
    return { "P8", "off: none; threshold 65 GB: when passed, once; interval 100: every 100; both: whichever comes first",
        fmt::format("none: {}; threshold alone: {}, at {}; interval alone: {}; both: {}, the second at {}", none.size(),
            threshold.size(), threshold.empty() ? 0 : threshold[0], interval.size(), both.size(), both.size() < 2 ? 0 : both[1]),
        isKept };
}

/// GiB left at which a machine of 256 GiB, drained by a hundredth at a time, first pauses and first aborts.
Promise pressure()
{
    memory::MachineMemory machine { .total = 256 * kGiB, .available = 256 * kGiB };
    memory::PressureGuard guard(memory::pressureRules({}, machine));
    double pauses = 0;
    double aborts = 0;
    for (double left = 30; left > 0 && aborts == 0; left -= 0.01) {
        machine.available = static_cast<std::int64_t>(left * static_cast<double>(kGiB));
        const auto now = guard.update(machine, std::chrono::seconds(1));
        pauses = pauses == 0 && now == memory::Pressure::Pause ? left : pauses;
        aborts = now == memory::Pressure::Abort ? left : aborts;
    }
    const double shrinks = guard.rules().shrinkAtPercentage;
    return { "P9", "batch shrinks at 80 %, pause below 15 GB, abort below 10 GB",
        fmt::format("{:.0f} %, {:.2f} GB, {:.2f} GB", shrinks, pauses, aborts),
        shrinks == 80 && std::abs(pauses - 15) < 0.02 && std::abs(aborts - 10) < 0.02 };
}

/// What giving unused blocks back every tenth step costs, as a share of a step of half a millisecond.
Promise cacheClear()
{
    constexpr int kSteps = 20'000;
    constexpr double kStepMicroseconds = 500;
    memory::TensorPool pool;
    std::chrono::duration<double, std::micro> spent {};
    for (int step = 0; step < kSteps; ++step) {
        std::vector<Block> blocks;
        for (std::size_t i = 0; i < 24; ++i) {
            blocks.push_back(std::move(pool.allocate(std::size_t { 1 } << (12 + i % 10), Category::Activations)).value());
        }
        blocks.clear();
        if (step % 10 == 9) {
            const auto began = std::chrono::steady_clock::now();
            pool.trimUnused();
            spent += std::chrono::steady_clock::now() - began;
        }
    }
    const double percentage = 100 * spent.count() / (kSteps * kStepMicroseconds);
    return { "P11", "cache clear every 10 steps: at most 1 % of the time of a step",
        fmt::format("{:.2f} µs each, {:.4f} % of a step of 0.5 ms", spent.count() / (kSteps / 10), percentage), percentage <= 1 };
}

Promise operations()
{
    memory::TensorPool pool;
    memory::FakeProbe probe;
    const SystemClock clock;
    memory::ScopeLog log(pool, probe, clock);
    double smallest = 0;
    for (double mb = 8; mb < 12 && smallest == 0; mb += 0.25) {
        {
            const memory::MemoryScope scope(&log, "grow");
            probe.processMemory.resident += static_cast<std::int64_t>(mb * static_cast<double>(kMiB));
        }
        smallest = log.reports().newest().isLarge() ? mb : 0;
    }
    constexpr int kLeakMb = 20;
    const auto verdict = memory::RepeatProbe(pool, probe).run(
        [&]() -> Result<void> {
            probe.processMemory.resident += kLeakMb * kMiB;
            return {};
        },
        {});
    const std::int64_t stopped = verdict && verdict->isStopped ? kLeakMb * verdict->done : 0;
    return { "P18", "an operation is large above 10 MB; 100 repetitions; a hard stop at 500 MB",
        fmt::format("large from {:.2f} MB; {} repetitions; stopped at {} MB, by {} MB each", smallest,
            memory::RepeatWishes {}.times, stopped, kLeakMb),
        std::abs(smallest - 10) <= 1 && memory::RepeatWishes {}.times == 100 && stopped >= 500 && stopped <= 500 + kLeakMb };
}

double processorMicroseconds()
{
    rusage use {};
    ::getrusage(RUSAGE_SELF, &use);
    return static_cast<double>(use.ru_utime.tv_sec + use.ru_stime.tv_sec) * 1e6
        + static_cast<double>(use.ru_utime.tv_usec + use.ru_stime.tv_usec);
}

/// The processor time of one whole look, at the machine and at nine streams, as a share of a second.
Promise monitor()
{
    constexpr int kLooks = 5'000;
    ManualClock clock;
    memory::LinuxMemoryProbe probe("/", clock);
    memory::LeakJudge judge { memory::LeakLevels {} };
    memory::MemorySample sample;
    double left = 0;
    const double began = processorMicroseconds();
    for (int look = 0; look < kLooks; ++look) {
        sample.step = look;
        clock.advance(std::chrono::seconds(1)); // the machine is read every time
        sample.resident = probe.process().resident;
        sample.untracked = sample.resident;
        left += static_cast<double>(probe.machine().left()) + probe.stalledPercentage();
        left += judge.judge(sample, {}, {}).mbPerStep;
    }
    const double each = (processorMicroseconds() - began) / kLooks;
    return { "P19", "the monitor takes less than 1 % of a processor, at a look a second and one in 30 s",
        fmt::format("{:.1f} µs a look: {:.4f} % and {:.5f} %{}", each, each / 1e4, each / 3e5, left < 0 ? "?" : ""), each / 1e4 < 1 };
}

Promise scopes()
{
    const ScopeCost cost = scopeCost();
    return { "P20", "a measured operation costs 0.1 ms (ours: 5 µs), switched off 5 ns",
        fmt::format("{:.2f} µs, {:.2f} ns", cost.on / 1e3, cost.off),
        cost.on <= kPromisedScopeCost.on && cost.off <= kPromisedScopeCost.off };
}

/// The highest that the anonymous resident set grows while so many MiB of JSONL are read to the end.
std::int64_t readingPeak(std::int64_t megabytes)
{
    const TemporaryFolder folder;
    const auto path = folder.path() / "a.jsonl";
    {
        std::ofstream out(path, std::ios::binary);
        const std::string line = R"({"text": ")" + std::string(1000, 'x') + "\", \"auth_weight\": 0.5, \"prov_entropy\": 3}\n";
        for (std::int64_t written = 0; written < megabytes * kMiB; written += static_cast<std::int64_t>(line.size())) {
            out << line;
        }
    }
    memory::LinuxMemoryProbe probe;
    const auto anonymous = [&] {
        const auto process = probe.process();
        return process.resident - std::max<std::int64_t>(0, process.fileBacked);
    };
    auto reader = data::JsonlReader::open(path, {});
    if (!reader) {
        throw std::runtime_error(toText(reader.error()));
    }
    data::Document document;
    const std::int64_t before = anonymous();
    std::int64_t most = before;
    for (std::int64_t lines = 0;; ++lines) {
        const auto step = reader->next(document);
        if (!step) {
            throw std::runtime_error(toText(step.error()));
        }
        if (*step == data::JsonlReader::Step::End) {
            break;
        }
        most = lines % 256 == 0 ? std::max(most, anonymous()) : most;
    }
    if (reader->report().bytes < megabytes * kMiB || reader->report().refused > 0) {
        throw std::runtime_error("the corpus was not read to its end");
    }
    return most - before;
}

Promise streaming()
{
    readingPeak(1); // the parser takes its room
    const auto small = readingPeak(1);
    const auto large = readingPeak(1024);
    constexpr std::int64_t kMost = 256 << 10;
    return { "P21", "reading JSONL: peak within 256 KB from 1 MB to 1 GB",
        fmt::format("{} and {} KB above the start; the large file needs {} KB more", small >> 10, large >> 10,
            (large - small) >> 10),
        large - small <= kMost };
}

Promise levels()
{
    memory::MemoryLevels watch({ .alert = 1000 * kMiB, .cleanup = 1500 * kMiB, .critical = 2000 * kMiB });
    std::string edges;
    std::vector<std::int64_t> at;
    memory::Level level = memory::Level::Normal;
    const auto look = [&](std::int64_t mb) {
        watch.update(mb * kMiB, std::chrono::seconds(mb));
        if (watch.level() != level) {
            level = watch.level();
            at.push_back(mb);
            edges += (edges.empty() ? "" : ", ") + std::to_string(mb);
        }
    };
    for (std::int64_t mb = 900; mb <= 2100; ++mb) {
        look(mb);
    }
    for (std::int64_t mb = 2100; mb >= 900; --mb) {
        look(mb);
    }
    const std::vector<std::int64_t> wanted { 1000, 1500, 2000, 1900, 1425, 950 };
    const bool isKept = at.size() == wanted.size()
        && std::ranges::equal(at, wanted, [](auto a, auto b) { return std::abs(a - b) <= 1; });
    return { "P22", "alert, cleanup, critical at 1000, 1500, 2000 MB, each left at 95 %", edges + " MB", isKept };
}

Promise histories()
{
    const Ring<double> doubles(1000);
    const Ring<std::array<double, 2>> pairs(1000);
    const std::size_t one = doubles.capacity() * sizeof(double);
    const std::size_t two = pairs.capacity() * sizeof(std::array<double, 2>);
    const auto board = metrics::MetricBoard::fullBytes();
    return { "P23", "1000 entries: 8 KB, 16 KB; all histories of the process under 1 MB",
        fmt::format("{} B, {} B; {:.1f} MiB for {} metrics with the whole run and 1,000 raw steps each", one, two,
            toMiB(board), metrics::kMetricCount),
        one == 8000 && two == 16000 && board < kMiB };
}

Promise health()
{
    const auto share = [](std::size_t working, std::size_t hung) {
        ManualClock time;
        health::HealthBoard board(time, std::chrono::seconds(60));
        const auto module = [](std::size_t i) { return static_cast<Module>(i); };
        for (std::size_t i = 0; i < kModuleCount; ++i) {
            i < working ? board.beat(module(i), "works") : board.idle(module(i), "waits");
        }
        time.advance(std::chrono::seconds(120));
        for (std::size_t i = hung; i < working; ++i) {
            board.beat(module(i));
        }
        return 100 * health::scoreOf(board.rows()).share;
    };
    const double nine = share(9, 0);
    const double five = share(5, 0);
    const double hung = share(9, 1);
    return { "P24", "9 of 13 and 5 of 13 publish: at least 80 %; a hung module drops it",
        fmt::format("{:.0f} %, {:.0f} %; {:.0f} %", nine, five, hung), nine >= 80 && five >= 80 && hung < nine };
}

} // namespace

std::vector<Promise> promisesOfParts()
{
    return { truthTable(), pressure(), cacheClear(), operations(), monitor(), scopes(), streaming(), levels(), histories(), health() };
}

int runPromiseBench(const Arguments&)
{
    try {
        bool isAllKept = true;
        for (const auto& promises : { &promisesOfParts, &promisesOfRuns }) {
            for (const Promise& promise : promises()) {
                const nlohmann::ordered_json line { { "id", promise.id }, { "promised", promise.promised },
                    { "measured", promise.measured }, { "kept", promise.isKept } };
                std::printf("%s\n", line.dump().c_str());
                isAllKept = isAllKept && promise.isKept;
            }
            std::fflush(stdout);
        }
        return isAllKept ? 0 : 10;
    } catch (const std::exception& error) {
        std::fprintf(stderr, "error: %s\n", error.what());
        return 2;
    }
}

} // namespace dubito::bench
