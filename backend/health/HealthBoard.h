// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/base/Clock.h"
#include "backend/base/Guarded.h"
#include "backend/base/Module.h"
#include "backend/health/ModuleHealth.h"

#include <array>
#include <chrono>
#include <string>
#include <vector>

namespace dubito::health {

enum class ScoreColour : std::uint8_t { Good, Fair, Bad };

/// Healthy modules among those that are not idle, and what that means.
struct Score {
    std::int64_t healthy = 0;
    std::int64_t counted = 0; ///< not idle
    double share = 1; ///< 1 when all are idle
    ScoreColour colour = ScoreColour::Good; ///< from 80 % good, from 50 % fair, else bad
};

Score scoreOf(const std::vector<ModuleHealth>& modules);

/// Heartbeats, reasons and states, one row per module word. Any thread.
///
/// A module beats to say that it lives; what it publishes does not count. Idle is declared, not inferred. A module that
/// is neither idle nor failed and did not beat for `staleAfter` is Silent.
class HealthBoard {
public:
    HealthBoard(const Clock& clock, std::chrono::nanoseconds staleAfter);

    /// Alive and well; `reason` is its one line of evidence.
    void beat(Module module, std::string reason);

    /// Alive, with the same reason as before.
    void beat(Module module);

    /// Alive, but something a person should know.
    void degrade(Module module, std::string reason);
    void fail(Module module, std::string reason);

    /// Nothing to do; it need not beat.
    void idle(Module module, std::string reason);

    /// What it holds.
    void setSize(Module module, std::int64_t bytes, double historyFill);

    void setStaleAfter(std::chrono::nanoseconds staleAfter);

    /// One row per module word, in their order.
    std::vector<ModuleHealth> rows() const;

private:
    struct Row {
        HealthState state = HealthState::Idle;
        std::string reason;
        std::chrono::nanoseconds lastBeat { -1 };
        std::int64_t bytes = 0;
        double historyFill = 0;
    };
    struct Board {
        std::array<Row, kModuleCount> rows;
        std::chrono::nanoseconds staleAfter { 0 };
    };

    void set(Module module, HealthState state, std::string reason);

    const Clock& m_clock;
    Guarded<Board> m_board;
};

} // namespace dubito::health
