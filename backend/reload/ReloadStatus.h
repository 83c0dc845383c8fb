// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/memory/MemoryStatus.h"

#include <array>
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace dubito::reload {

/// Why a reload is due, the most urgent first but None.
enum class ReloadCause : std::uint8_t { None, Manual, Emergency, Threshold, Interval };

inline constexpr std::array<std::string_view, 5> kReloadCauseWords { "none", "manual", "emergency", "threshold",
    "interval" };
constexpr std::string_view toWord(ReloadCause cause) { return kReloadCauseWords[static_cast<std::size_t>(cause)]; }

/// Manual and interval reloads are planned: always allowed, counted apart.
constexpr bool isPlanned(ReloadCause cause) { return cause == ReloadCause::Manual || cause == ReloadCause::Interval; }

/// The rungs of the ladder, in order; Rest when none is climbed.
enum class Rung : std::uint8_t { Rest, Relieve, Measure, Checkpoint, Reload, Verify };

inline constexpr std::array<std::string_view, 6> kRungWords { "rest", "relieve", "measure", "checkpoint", "reload",
    "verify" };
constexpr std::string_view toWord(Rung rung) { return kRungWords[static_cast<std::size_t>(rung)]; }

enum class Outcome : std::uint8_t { None, Relieved, Ok, Retained, GaveUp, Skipped };

inline constexpr std::array<std::string_view, 6> kOutcomeWords { "none", "relieved", "OK", "RETAINED", "GIVE UP",
    "skipped" };
constexpr std::string_view toWord(Outcome outcome) { return kOutcomeWords[static_cast<std::size_t>(outcome)]; }

/// The ladder as one sees it from outside.
struct ReloadStatus {
    Rung rung = Rung::Rest;
    std::array<std::string, 6> rungNotes; ///< what each rung of the last or present climb found, by Rung; may be empty
    ReloadCause lastCause = ReloadCause::None;
    Outcome lastOutcome = Outcome::None;
    std::int64_t lastStep = -1;
    std::int64_t beforeBytes = 0;
    std::int64_t afterBytes = 0;
    std::int64_t recoveredBytes = 0;
    double seconds = 0;
    std::int64_t stepsLost = 0;
    std::vector<memory::GrowingSite> outlived; ///< what the last reload could not free: leaks by definition; at most 5
    std::int64_t planned = 0; ///< done so far
    std::int64_t unplanned = 0;
    std::int64_t left = 0; ///< unplanned ones left this hour
    std::int64_t cooldownSteps = 0; ///< until an unplanned one is allowed again; 0 = now
    std::chrono::milliseconds nextAllowed { 0 }; ///< back-off left

    friend bool operator==(const ReloadStatus&, const ReloadStatus&) = default;
};

} // namespace dubito::reload
