// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/config/Config.h"
#include "backend/memory/MemoryProbe.h"
#include "backend/memory/MemoryStatus.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace dubito::memory {

/// When the machine is short, in bytes of what it has left.
struct PressureRules {
    std::int64_t pauseBelow = 0;
    std::int64_t abortBelow = 0;
    double shrinkAtPercentage = 80; ///< of the machine in use, held for 30 seconds
    std::chrono::nanoseconds longestPause { std::chrono::hours { 1 } };
};

/// The configured values with their caps: a pause at 15 % and an abort at 8 % of the machine at most, so that a small
/// machine can train.
PressureRules pressureRules(const config::Memory& memory, const MachineMemory& machine);

/// Judges what the machine has left: go on, shrink the batch, pause, or save and end.
///
/// A pause ends only when a tenth more than its threshold is left, and becomes an abort when it lasts too long. Shrink
/// is said once for every 30 seconds above the percentage. No clock and no thread of its own; asked once per step, and
/// twice a second while paused. Where the machine tells nothing it never speaks. Not for two threads.
class PressureGuard {
public:
    explicit PressureGuard(const PressureRules& rules) : m_rules(rules) { }

    Pressure update(const MachineMemory& machine, std::chrono::nanoseconds now);

    /// The last answer in words, with its numbers; empty while there is no pressure.
    std::string reason() const { return m_reason; }

    void setRules(const PressureRules& rules) { m_rules = rules; }
    const PressureRules& rules() const { return m_rules; }

private:
    Pressure pauseOrAbort(std::int64_t left, std::chrono::nanoseconds now);
    bool isShrinkDue(const MachineMemory& machine, std::chrono::nanoseconds now);

    PressureRules m_rules;
    std::optional<std::chrono::nanoseconds> m_pausedSince;
    std::optional<std::chrono::nanoseconds> m_fullSince;
    std::string m_reason;
};

} // namespace dubito::memory
