// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/memory/PressureGuard.h"

#include "backend/base/Text.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace dubito::memory {
namespace {

constexpr double kPauseCap = 0.15;
constexpr double kAbortCap = 0.08;

/// So much more than the threshold must be left before a pause ends.
constexpr double kResumeFactor = 1.1;

constexpr std::chrono::seconds kShrinkHold { 30 };

std::int64_t capped(double gib, double share, std::int64_t machineBytes)
{
    const double wanted = gib * static_cast<double>(kGiB);
    const double cap = machineBytes > 0 ? share * static_cast<double>(machineBytes) : wanted;
    return static_cast<std::int64_t>(std::llround(std::min(wanted, cap)));
}

} // namespace

PressureRules pressureRules(const config::Memory& memory, const MachineMemory& machine)
{
    const double seconds = memory.pauseTimeoutS;
    return { .pauseBelow = capped(memory.pauseAvailableGb, kPauseCap, machine.size()),
        .abortBelow = capped(memory.abortAvailableGb, kAbortCap, machine.size()),
        .shrinkAtPercentage = memory.thresholdPercentage,
        .longestPause = std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::duration<double>(seconds)) };
}

Pressure PressureGuard::update(const MachineMemory& machine, std::chrono::nanoseconds now)
{
    m_reason.clear();
    const std::int64_t left = machine.left();
    if (left < 0) {
        return Pressure::None;
    }
    const bool isShrinkNow = isShrinkDue(machine, now);
    if (const Pressure pressure = pauseOrAbort(left, now); pressure != Pressure::None) {
        return pressure;
    }
    if (!isShrinkNow) {
        return Pressure::None;
    }
    m_reason = fmt::format("the machine was more than {:.0f} % full for {} seconds (memory.threshold_percentage)",
        m_rules.shrinkAtPercentage, kShrinkHold.count());
    return Pressure::Shrink;
}

Pressure PressureGuard::pauseOrAbort(std::int64_t left, std::chrono::nanoseconds now)
{
    if (left < m_rules.abortBelow) {
        m_reason = fmt::format("{} left of the machine's memory, less than {} (memory.abort_available_gb)",
            bytesToText(left), bytesToText(m_rules.abortBelow));
        return Pressure::Abort;
    }
    const double resumeAt = kResumeFactor * static_cast<double>(m_rules.pauseBelow);
    const bool isShort = left < m_rules.pauseBelow || (m_pausedSince && static_cast<double>(left) < resumeAt);
    if (!isShort) {
        m_pausedSince.reset();
        return Pressure::None;
    }
    m_pausedSince = m_pausedSince.value_or(now);
    if (now - *m_pausedSince > m_rules.longestPause) {
        const auto seconds = std::chrono::duration<double>(now - *m_pausedSince).count();
        m_reason = fmt::format("still only {} left after a pause of {} (memory.pause_timeout_s)", bytesToText(left),
            durationToText(seconds));
        return Pressure::Abort;
    }
    m_reason = fmt::format("{} left of the machine's memory; going on from {} (memory.pause_available_gb)",
        bytesToText(left), bytesToText(static_cast<std::int64_t>(resumeAt)));
    return Pressure::Pause;
}

bool PressureGuard::isShrinkDue(const MachineMemory& machine, std::chrono::nanoseconds now)
{
    if (machine.total <= 0 || machine.available < 0) {
        return false;
    }
    const double usedPercentage
        = 100 * (1 - static_cast<double>(machine.available) / static_cast<double>(machine.total));
    if (usedPercentage < m_rules.shrinkAtPercentage) {
        m_fullSince.reset();
        return false;
    }
    m_fullSince = m_fullSince.value_or(now);
    if (now - *m_fullSince < kShrinkHold) {
        return false;
    }
    m_fullSince = now;
    return true;
}

} // namespace dubito::memory
