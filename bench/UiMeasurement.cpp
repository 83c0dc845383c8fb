// SPDX-License-Identifier: GPL-3.0-or-later
#include "bench/UiMeasurement.h"

#include "backend/base/Text.h"
#include "backend/base/ThreadTime.h"

#include <algorithm>

namespace dubito::bench {

void StallHistogram::add(double milliseconds)
{
    m_longest = std::max(m_longest, milliseconds);
    const auto bin = static_cast<std::size_t>(std::clamp(milliseconds * 10, 0.0, double(m_bins.size() - 1)));
    ++m_bins[bin];
    ++m_count;
}

double StallHistogram::quantile(double share) const
{
    std::int64_t below = 0;
    for (std::size_t bin = 0; bin < m_bins.size(); ++bin) {
        below += m_bins[bin];
        if (static_cast<double>(below) >= share * static_cast<double>(m_count)) {
            return static_cast<double>(bin) / 10;
        }
    }
    return m_longest;
}

nlohmann::json StallHistogram::toJson() const
{
    return { { "p50", quantile(0.5) }, { "p99", quantile(0.99) }, { "p999", quantile(0.999) }, { "longest", m_longest },
        { "beats", m_count } };
}

void ResidentWatch::add(double mb)
{
    m_ladder.add(mb);
    m_first = m_hasAny ? m_first : mb;
    m_newest = mb;
    m_hasAny = true;
    m_floorNow = m_inBlock == 0 ? mb : std::min(m_floorNow, mb);
    if (++m_inBlock == kBlock) {
        m_firstFloor = m_hasFloor ? m_firstFloor : m_floorNow;
        m_lastFloor = m_floorNow;
        m_hasFloor = true;
        m_inBlock = 0;
    }
}

nlohmann::json ResidentWatch::toJson(double stepsPerSample) const
{
    const auto slope = m_ladder.estimate();
    return { { "mb_per_step", slope.mbPerStep / stepsPerSample }, { "low", slope.low / stepsPerSample },
        { "high", slope.high / stepsPerSample }, { "nothing_above", m_ladder.nothingAbove() / stepsPerSample },
        { "warns", m_ladder.warns() }, { "first_mb", m_first }, { "last_mb", m_newest },
        { "drift_mb", m_hasFloor ? m_lastFloor - m_firstFloor : 0.0 } };
}

UiMeasurement::UiMeasurement()
{
    m_beat.setTimerType(Qt::PreciseTimer);
    connect(&m_beat, &QTimer::timeout, this, [this] { beat(); });
    connect(&m_sample, &QTimer::timeout, this, [this] { m_resident.add(toMiB(m_probe.process().resident)); });
}

void UiMeasurement::begin()
{
    m_cpu = threadTime();
    m_processors = UseOfProcessors();
    m_wall.start();
    m_late.begin();
    m_sinceBeat.start();
    m_beat.start(kBeat);
    m_sample.start(100);
}

void UiMeasurement::end()
{
    m_beat.stop();
    m_sample.stop();
    m_seconds = static_cast<double>(m_wall.nsecsElapsed()) * 1e-9;
    m_share = std::chrono::duration<double>(threadTime() - m_cpu).count() / m_seconds;
    m_others = othersShare(m_processors, UseOfProcessors());
}

nlohmann::json UiMeasurement::report(double stepsPerSecond) const
{
    return { { "seconds", m_seconds }, { "stall_ms", m_stalls.toJson() }, { "stall_own_ms", m_own.toJson() },
        { "stalls", m_late.toJson() },
        { "resident", m_resident.toJson(std::max(stepsPerSecond, 1e-9) / 10) }, { "cpu_share", m_share },
        { "others_share", m_others } };
}

void UiMeasurement::beat()
{
    const double late = static_cast<double>(m_sinceBeat.nsecsElapsed()) * 1e-6 - kBeat;
    m_sinceBeat.start();
    m_stalls.add(std::max(0.0, late));
    m_own.add(m_late.beat(static_cast<double>(m_wall.nsecsElapsed()) * 1e-9, std::max(0.0, late)));
}

} // namespace dubito::bench
