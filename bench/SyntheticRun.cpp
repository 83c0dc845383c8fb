// SPDX-License-Identifier: GPL-3.0-or-later
#include "bench/SyntheticRun.h"

#include "backend/base/Text.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <thread>

namespace dubito::bench {

namespace {

using Clock = std::chrono::steady_clock;
using metrics::Metric;

constexpr std::int64_t kEventEvery = 250;
constexpr std::int64_t kMostEvents = 512;

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

session::Event eventAt(std::int64_t number)
{
    constexpr std::array kKinds { session::EventKind::Checkpoint, session::EventKind::Checkpoint,
        session::EventKind::Reload, session::EventKind::Pause, session::EventKind::Warn };
    session::Event event;
    event.id = static_cast<std::uint64_t>(number);
    event.step = number * kEventEvery;
    event.time = std::chrono::milliseconds(event.step * 100);
    event.kind = kKinds[static_cast<std::size_t>(number) % kKinds.size()];
    event.cause = "synthetic";
    event.text = "an event of a run that trains nothing";
    return event;
}

} // namespace

SyntheticRun::SyntheticRun(double stepsPerSecond)
    : m_worker("synthetic", [this, stepsPerSecond](const std::stop_token& stop) { work(stop, stepsPerSecond); },
          [](const Error&) {})
{
}

void SyntheticRun::work(const std::stop_token& stop, double stepsPerSecond)
{
    const auto begin = Clock::now();
    while (!stop.stop_requested()) {
        const double seconds = std::chrono::duration<double>(Clock::now() - begin).count();
        const auto due = static_cast<std::int64_t>(seconds * stepsPerSecond);
        while (m_step < due && !stop.stop_requested()) {
            addStep(m_step + 1);
            ++m_step;
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(stepsPerSecond > 100 ? 2 : 20));
    }
}

void SyntheticRun::addStep(std::int64_t step)
{
    m_board.updateQuietly([step](metrics::MetricBoard& board) {
        for (const auto& row : metrics::kMetricRows) {
            board.add(row.metric, { step, std::chrono::milliseconds(step * 100), valueOf(row.metric, step) });
        }
    });
}

session::Snapshot SyntheticRun::snapshot() const
{
    session::Snapshot snapshot;
    snapshot.run.state = train::RunState::Running;
    snapshot.run.step = m_step;
    snapshot.revision = static_cast<std::uint64_t>(snapshot.run.step) + 1;
    snapshot.series = m_board.read([](const metrics::MetricBoard& board) { return board.series(); });
    snapshot.memory.peakResident = 512 * kMiB;
    snapshot.memory.leak.nothingAbove = 0.02;
    snapshot.memory.leak.low = -0.01;
    snapshot.memory.leak.high = 0.01;
    const std::int64_t last = snapshot.run.step / kEventEvery;
    for (std::int64_t number = std::max<std::int64_t>(1, last - kMostEvents + 1); number <= last; ++number) {
        snapshot.events.push_back(eventAt(number));
    }
    return snapshot;
}

Result<void> SyntheticRun::post(session::Command)
{
    return Error { ErrorCode::Refused, "A synthetic run takes no commands.", {} };
}

} // namespace dubito::bench
