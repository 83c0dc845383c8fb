// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/config/Config.h"
#include "backend/memory/MemoryProbe.h"
#include "backend/memory/MemoryStatus.h"

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>

namespace dubito::memory {

/// Bytes of use from which a level begins; 0 = the level is off.
struct LevelThresholds {
    std::int64_t alert = 0;
    std::int64_t cleanup = 0;
    std::int64_t critical = 0;

    friend bool operator==(const LevelThresholds&, const LevelThresholds&) = default;
};

/// What the percentages of the levels are of: the budget, or else the smaller of the cgroup's limit and 80 % of the
/// machine; 0 when nothing is known.
std::int64_t levelBase(const config::Memory& memory, const MachineMemory& machine);

/// The configured percentages of `base` in bytes.
LevelThresholds thresholdsOf(const config::Memory& memory, std::int64_t base);

/// A level that was entered or left.
struct LevelChange {
    Level from = Level::Normal;
    Level to = Level::Normal;
    std::int64_t usedBytes = 0;

    bool isRise() const { return to > from; }
};

/// Tells when memory use enters and leaves alert, cleanup and critical.
///
/// Speaks at edges only. A level is left at 95 % of its threshold; one that was announced is not announced again within
/// the cool-down, though level() is always true. No clock of its own. Not for two threads.
class MemoryLevels {
public:
    explicit MemoryLevels(const LevelThresholds& thresholds,
        std::chrono::nanoseconds coolDown = std::chrono::seconds { 60 });

    /// The change to announce, if there is one.
    std::optional<LevelChange> update(std::int64_t usedBytes, std::chrono::nanoseconds now);

    Level level() const { return m_level; }

    /// In force at the next update.
    void setThresholds(const LevelThresholds& thresholds) { m_thresholds = thresholds; }

private:
    static constexpr std::size_t kLevels = 4;

    std::int64_t thresholdOf(Level level) const;
    Level levelOf(std::int64_t usedBytes) const;

    LevelThresholds m_thresholds;
    std::chrono::nanoseconds m_coolDown;
    Level m_level = Level::Normal;
    Level m_announced = Level::Normal;
    std::array<std::optional<std::chrono::nanoseconds>, kLevels> m_lastAnnounced;
};

} // namespace dubito::memory
