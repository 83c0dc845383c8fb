// SPDX-License-Identifier: GPL-3.0-or-later
#include "bench/SyntheticRun.h"

#include "backend/base/Text.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <fmt/format.h>
#include <thread>

namespace dubito::bench {

namespace {

using Clock = std::chrono::steady_clock;
using metrics::Metric;

constexpr std::int64_t kEventEvery = 250;
constexpr std::int64_t kTotalSteps = 1'000'000;

/// A wave with noise around a level: cheap, seeded by the step alone.
double valueOf(Metric metric, std::int64_t step)
{
    const auto index = static_cast<double>(metric);
    const auto x = static_cast<double>(step);
    const double noise = std::fmod(std::sin(x * 12.9898 + index * 78.233) * 43758.5453, 1.0);
    const double level = metric >= Metric::SharePatent ? 1.0 / 13 : metric >= Metric::LeakNaive ? 0.0 : 100.0 + index * 10;
    const double spread = metric >= Metric::SharePatent ? 0.02 : 1.0;
    return level + spread * noise + spread * std::sin(x / 500 + index);
}

std::chrono::milliseconds timeOf(std::int64_t step, double rate)
{
    return std::chrono::milliseconds(static_cast<std::int64_t>(static_cast<double>(step) * 1000 / rate));
}

void describe(memory::MemoryStatus& memory, std::int64_t step)
{
    memory.latest.step = step;
    memory.latest.resident = static_cast<std::int64_t>(valueOf(Metric::Resident, step) * static_cast<double>(kMiB));
    memory.latest.active = 100 * kMiB;
    memory.latest.available = 12 * kGiB;
    memory.peakResident = 512 * kMiB;
    memory.leak.nothingAbove = 0.02;
    memory.leak.low = -0.01;
    memory.leak.high = 0.01;
    memory.limits.machine = 24 * kGiB;
    memory.limits.pauseAvailable = 3 * kGiB;
    memory.limits.abortAvailable = 2 * kGiB;
}

} // namespace

SyntheticRun::SyntheticRun(double stepsPerSecond)
    : m_rate(stepsPerSecond)
    , m_config(config::layerConfig({}))
    , m_boards(m_clock, m_config, std::chrono::seconds(60))
    , m_reader(m_boards, &m_log)
    , m_worker("synthetic", [this](const std::stop_token& stop) { work(stop); }, [](const Error&) {})
{
}

session::Snapshot SyntheticRun::snapshot() const
{
    session::Snapshot snapshot;
    snapshotInto(snapshot);
    return snapshot;
}

void SyntheticRun::work(const std::stop_token& stop)
{
    m_boards.run.update([](train::RunStatus& run) {
        run.state = train::RunState::Running;
        run.runName = "synthetic";
        run.modelName = "none, it trains nothing";
        run.totalSteps = kTotalSteps;
    });
    const auto begin = Clock::now();
    std::int64_t secondsTold = -1;
    while (!stop.stop_requested()) {
        const double seconds = std::chrono::duration<double>(Clock::now() - begin).count();
        const auto due = static_cast<std::int64_t>(seconds * m_rate);
        while (m_step < due && !stop.stop_requested()) {
            addStep(m_step + 1);
            ++m_step;
        }
        if (static_cast<std::int64_t>(seconds) != secondsTold) {
            secondsTold = static_cast<std::int64_t>(seconds);
            addSecond(m_step);
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(m_rate > 100 ? 2 : 20));
    }
}

void SyntheticRun::addStep(std::int64_t step)
{
    const auto time = timeOf(step, m_rate);
    m_boards.metrics.updateQuietly([&](metrics::MetricBoard& board) {
        for (const auto& row : metrics::kMetricRows) {
            board.add(row.metric, { step, time, valueOf(row.metric, step) });
        }
    });
    m_boards.memory.updateQuietly([&](memory::MemoryStatus& memory) { describe(memory, step); });
    m_boards.run.updateQuietly([&](train::RunStatus& run) {
        run.step = step;
        run.tokensSeen += 512;
        run.tokensPerSecond = 512 * m_rate;
        run.elapsed = time;
        run.remaining = timeOf(kTotalSteps - step, m_rate);
    });
    if (step % kEventEvery == 0) {
        addEvent(step);
    }
}

void SyntheticRun::addEvent(std::int64_t step)
{
    constexpr std::array kKinds { session::EventKind::Checkpoint, session::EventKind::Checkpoint,
        session::EventKind::Reload, session::EventKind::Pause, session::EventKind::Resume };
    session::Event event;
    event.step = step;
    event.time = timeOf(step, m_rate);
    event.kind = kKinds[static_cast<std::size_t>(step / kEventEvery) % kKinds.size()];
    event.cause = "synthetic";
    event.text = "an event of a run that trains nothing";
    event.numbers = { { "before_mb", 120.0 }, { "after_mb", 100.0 }, { "seconds", 0.5 } };
    m_boards.events.add(std::move(event));
}

void SyntheticRun::addSecond(std::int64_t step)
{
    for (std::size_t i = 0; i < kModuleCount; ++i) {
        m_boards.health.beat(static_cast<Module>(i), "nothing to complain about");
        m_boards.health.setSize(static_cast<Module>(i), kMiB * static_cast<std::int64_t>(i + 1), 0.5);
    }
    log::LogLine line;
    line.time = m_clock.wall();
    line.module = Module::Train;
    line.text = fmt::format("step {}: cross-entropy {:.3f}", step, valueOf(Metric::CrossEntropy, step));
    m_log.add(std::move(line));
}

Result<void> SyntheticRun::post(session::Command)
{
    return Error { ErrorCode::Refused, "a synthetic run takes no commands", {} };
}

} // namespace dubito::bench
