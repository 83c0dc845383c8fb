// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/memory/LimitWatch.h"

#include <algorithm>
#include <limits>

namespace dubito::memory {
namespace {

constexpr std::size_t kPeakSteps = 256;
constexpr std::size_t kFloorSteps = 64;
constexpr std::size_t kGuardSteps = 16;

/// A warning must have stood for so long before a forecast alone may act.
constexpr std::int64_t kLongWarned = 512;

/// So long without evidence unlatches it.
constexpr std::int64_t kQuiet = 256;

/// The forecast is urgent when not even two checkpoint intervals are left.
constexpr double kCheckpoints = 2;

/// A warned stream may use up half of the way from its baseline to the limit.
constexpr double kGuardShare = 0.5;
constexpr double kNearlyFull = 0.95;
constexpr double kStalled = 10;

} // namespace

void LimitWatch::add(double mb, bool isWarned)
{
    m_samples[m_next] = mb;
    m_next = (m_next + 1) % kWindow;
    m_count = std::min(m_count + 1, kWindow);
    m_quietFor = isWarned ? 0 : m_quietFor + 1;
    const bool isLatchedNow = isWarned || (m_warnedFor > 0 && m_quietFor < kQuiet);
    m_warnedFor = isLatchedNow ? m_warnedFor + 1 : 0;
    if (!isLatchedNow) {
        m_baseline = lowestOf(kFloorSteps);
    }
}

Forecast LimitWatch::forecast(const LeakEstimate& growth, double limitMb) const
{
    if (limitMb <= 0 || m_count == 0 || growth.mbPerStep <= 0) {
        return {};
    }
    const double fromPeak = std::max(limitMb - highestOf(kPeakSteps), 0.0);
    const double fromFloor = std::max(limitMb - lowestOf(kFloorSteps), 0.0);
    Forecast forecast { .steps = fromPeak / growth.mbPerStep,
        .low = fromPeak / std::max(growth.high, growth.mbPerStep),
        .high = std::nullopt };
    if (growth.low > 0) {
        forecast.high = fromFloor / growth.low;
    }
    return forecast;
}

std::string_view LimitWatch::urgent(const LeakEstimate& growth, const LimitFacts& facts) const
{
    if (facts.stalledPercentage > kStalled) {
        return "the machine waits for memory more than a tenth of its time";
    }
    if (facts.limitMb <= 0 || m_count == 0) {
        return {};
    }
    if (highestOf(kPeakSteps) > kNearlyFull * facts.limitMb) {
        return "the peak is within 5 % of the limit";
    }
    if (!isLatched()) {
        return {};
    }
    const double guard = m_baseline + kGuardShare * (facts.limitMb - m_baseline);
    if (m_count >= kGuardSteps && lowestOf(kGuardSteps) > guard) {
        return "growth has used up half of the way to the limit";
    }
    const Forecast toLimit = forecast(growth, facts.limitMb);
    if (m_warnedFor >= kLongWarned && toLimit.low && *toLimit.low < kCheckpoints * facts.stepsToCheckpoint) {
        return "at this growth the limit may come before the next checkpoint but one";
    }
    return {};
}

double LimitWatch::highestOf(std::size_t steps) const
{
    double highest = std::numeric_limits<double>::lowest();
    for (std::size_t i = 1; i <= std::min(steps, m_count); ++i) {
        highest = std::max(highest, m_samples[(m_next + kWindow - i) % kWindow]);
    }
    return highest;
}

double LimitWatch::lowestOf(std::size_t steps) const
{
    double lowest = std::numeric_limits<double>::max();
    for (std::size_t i = 1; i <= std::min(steps, m_count); ++i) {
        lowest = std::min(lowest, m_samples[(m_next + kWindow - i) % kWindow]);
    }
    return lowest;
}

} // namespace dubito::memory
