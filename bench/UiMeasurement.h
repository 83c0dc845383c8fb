// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/memory/LeakLadder.h"
#include "backend/memory/MemoryProbe.h"
#include "bench/ProcessUse.h"
#include "bench/StallWatch.h"

#include <QElapsedTimer>
#include <QObject>
#include <QTimer>
#include <nlohmann/json.hpp>

#include <array>
#include <chrono>
#include <cstdint>

namespace dubito::bench {

/// How late the event loop was, in tenths of a millisecond up to two seconds. Fixed size: it is part of what is measured.
class StallHistogram {
public:
    void add(double milliseconds);

    /// The value that `share` of all beats stay below.
    double quantile(double share) const;
    double longest() const { return m_longest; }
    std::int64_t count() const { return m_count; }

    nlohmann::json toJson() const;

private:
    std::array<std::int64_t, 20'000> m_bins {};
    std::int64_t m_count = 0;
    double m_longest = 0;
};

/// Resident memory, ten samples a second: the slope by the same ladder that judges training, and the drift of the floor.
class ResidentWatch {
public:
    void add(double mb);

    nlohmann::json toJson(double stepsPerSample) const;

private:
    static constexpr int kBlock = 50; // five seconds

    memory::LeakLadder m_ladder { memory::LadderRules::forResident(0.02, 1.0) };
    double m_first = 0;
    double m_newest = 0;
    double m_floorNow = 0;
    double m_firstFloor = 0;
    double m_lastFloor = 0;
    int m_inBlock = 0;
    bool m_hasFloor = false;
    bool m_hasAny = false;
};

/// What a stretch of a window's life costs: event-loop lag at 200 beats a second, resident memory, processor time of this
/// thread. Made on the thread of the window; measures from begin() until it is asked for its report.
class UiMeasurement final : public QObject {
public:
    UiMeasurement();

    void begin();
    void end();

    nlohmann::json report(double stepsPerSecond) const;
    double longest() const { return m_stalls.longest(); }

private:
    static constexpr int kBeat = 5; // milliseconds

    void beat();

    QTimer m_beat;
    QTimer m_sample;
    QElapsedTimer m_sinceBeat;
    QElapsedTimer m_wall;
    StallHistogram m_stalls;
    StallHistogram m_own; ///< what StallWatch takes for the window's
    StallWatch m_late;
    ResidentWatch m_resident;
    memory::LinuxMemoryProbe m_probe;
    std::chrono::nanoseconds m_cpu { 0 };
    double m_seconds = 0;
    double m_share = 0;
    double m_others = 0;
    UseOfProcessors m_processors;
};

} // namespace dubito::bench
