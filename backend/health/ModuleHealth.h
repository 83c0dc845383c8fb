// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/base/Module.h"

#include <array>
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace dubito::health {

/// Alive because it beats, or Idle because it said so.
enum class HealthState : std::uint8_t { Healthy, Degraded, Silent, Failed, Idle };

inline constexpr std::array<std::string_view, 5> kHealthStateWords { "Healthy", "Degraded", "Silent", "Failed",
    "Idle" };
constexpr std::string_view toWord(HealthState state) { return kHealthStateWords[static_cast<std::size_t>(state)]; }

/// One row of the health table.
struct ModuleHealth {
    Module module = Module::Session;
    HealthState state = HealthState::Idle;
    std::string reason; ///< "14 of 7,909 lines skipped"
    std::chrono::milliseconds sinceBeat { -1 }; ///< negative: never heard of
    std::int64_t bytes = 0; ///< what it holds; 0 when it does not count
    double historyFill = 0; ///< 0 to 1

    friend bool operator==(const ModuleHealth&, const ModuleHealth&) = default;
};

} // namespace dubito::health
