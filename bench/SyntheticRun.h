// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/base/Guarded.h"
#include "backend/base/Worker.h"
#include "backend/metrics/MetricBoard.h"
#include "backend/session/SessionApi.h"

#include <atomic>

namespace dubito::bench {

/// A run that trains nothing: a thread of its own adds every metric of a step, `rate` steps a second, through the same
/// board and lock as a real one. With an event every few hundred steps.
class SyntheticRun : public session::SessionApi {
public:
    explicit SyntheticRun(double stepsPerSecond);

    session::Snapshot snapshot() const override;
    Result<void> post(session::Command command) override;

    std::int64_t step() const { return m_step.load(std::memory_order_relaxed); }

private:
    void work(const std::stop_token& stop, double stepsPerSecond);
    void addStep(std::int64_t step);

    Guarded<metrics::MetricBoard> m_board;
    std::atomic<std::int64_t> m_step { 0 };
    Worker m_worker; // last: joined before what it uses is gone
};

} // namespace dubito::bench
