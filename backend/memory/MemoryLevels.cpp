// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/memory/MemoryLevels.h"

#include "backend/base/Text.h"

#include <algorithm>
#include <cmath>

namespace dubito::memory {
namespace {

/// A level is left below this share of its threshold.
constexpr double kLeaveShare = 0.95;

/// The part of a machine without a cgroup that one program may take.
constexpr double kMachineShare = 0.8;

std::int64_t shareOf(std::int64_t bytes, double share)
{
    return static_cast<std::int64_t>(std::llround(static_cast<double>(bytes) * share));
}

} // namespace

std::int64_t levelBase(const config::Memory& memory, const MachineMemory& machine)
{
    if (memory.budgetGb > 0) {
        return shareOf(kGiB, memory.budgetGb);
    }
    const std::int64_t ofMachine = machine.total > 0 ? shareOf(machine.total, kMachineShare) : 0;
    if (machine.cgroupLimit > 0) {
        return ofMachine > 0 ? std::min(machine.cgroupLimit, ofMachine) : machine.cgroupLimit;
    }
    return ofMachine;
}

LevelThresholds thresholdsOf(const config::Memory& memory, std::int64_t base)
{
    return { .alert = shareOf(base, memory.alertPercentage / 100),
        .cleanup = shareOf(base, memory.cleanupPercentage / 100),
        .critical = shareOf(base, memory.criticalPercentage / 100) };
}

MemoryLevels::MemoryLevels(const LevelThresholds& thresholds, std::chrono::nanoseconds coolDown)
    : m_thresholds(thresholds)
    , m_coolDown(coolDown)
{
}

std::optional<LevelChange> MemoryLevels::update(std::int64_t usedBytes, std::chrono::nanoseconds now)
{
    const Level level = levelOf(usedBytes);
    m_level = level;
    if (level == m_announced) {
        return std::nullopt;
    }
    auto& last = m_lastAnnounced[static_cast<std::size_t>(level)];
    if (last && now - *last < m_coolDown) {
        return std::nullopt;
    }
    last = now;
    const LevelChange change { .from = m_announced, .to = level, .usedBytes = usedBytes };
    m_announced = level;
    return change;
}

std::int64_t MemoryLevels::thresholdOf(Level level) const
{
    switch (level) {
    case Level::Alert:
        return m_thresholds.alert;
    case Level::Cleanup:
        return m_thresholds.cleanup;
    case Level::Critical:
        return m_thresholds.critical;
    case Level::Normal:
        break;
    }
    return 0;
}

Level MemoryLevels::levelOf(std::int64_t usedBytes) const
{
    for (const Level level : { Level::Critical, Level::Cleanup, Level::Alert }) {
        const std::int64_t threshold = thresholdOf(level);
        const std::int64_t from = m_level >= level ? shareOf(threshold, kLeaveShare) : threshold;
        if (threshold > 0 && usedBytes >= from) {
            return level;
        }
    }
    return Level::Normal;
}

} // namespace dubito::memory
