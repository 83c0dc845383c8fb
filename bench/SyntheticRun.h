// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/base/Clock.h"
#include "backend/base/Worker.h"
#include "backend/log/LogTail.h"
#include "backend/session/RunBoards.h"
#include "backend/session/SessionApi.h"
#include "backend/session/SnapshotReader.h"

#include <atomic>

namespace dubito::bench {

/// A run that trains nothing, behind the two doors of a session: a thread of its own writes what a step writes, `rate`
/// steps a second, on the boards of a real session, which are read as a real one's are. With an event every few hundred
/// steps, a line of log and the heartbeats of all modules every second.
class SyntheticRun final : public session::SessionApi {
public:
    explicit SyntheticRun(double stepsPerSecond);

    session::Snapshot snapshot() const override;
    void snapshotInto(session::Snapshot& kept) const override { m_reader.readInto(kept); }
    Result<void> post(session::Command command) override;

    std::int64_t step() const { return m_step.load(std::memory_order_relaxed); }

private:
    void work(const std::stop_token& stop);
    void addStep(std::int64_t step);
    void addEvent(std::int64_t step);
    void addSecond(std::int64_t step);

    double m_rate;
    SystemClock m_clock;
    config::ConfigStore m_config;
    session::RunBoards m_boards;
    log::LogTail m_log;
    session::SnapshotReader m_reader;
    std::atomic<std::int64_t> m_step { 0 };
    Worker m_worker; // last: joined before what it uses is gone
};

} // namespace dubito::bench
