// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/base/TensorMemory.h"

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dubito::memory {

/// Memory at the same phase of a step. All sizes in bytes; -1 where the machine does not tell.
struct MemorySample {
    std::int64_t step = 0;
    std::chrono::milliseconds time { 0 }; ///< since the run began
    std::int64_t resident = 0;
    std::int64_t fileBacked = 0; ///< part of resident that the system can drop: mapped weights and pages
    std::int64_t active = 0; ///< live tensors
    std::int64_t cache = 0; ///< freed blocks kept for reuse
    std::int64_t untracked = 0; ///< anonymous − active − cache − tallied
    std::int64_t available = 0; ///< MemAvailable, or what the cgroup leaves
    std::int64_t limit = 0; ///< the nearest of budget, cgroup and machine

    std::int64_t anonymous() const { return resident - fileBacked; }

    friend bool operator==(const MemorySample&, const MemorySample&) = default;
};

enum class Level : std::uint8_t { Normal, Alert, Cleanup, Critical };
enum class Pressure : std::uint8_t { None, Shrink, Pause, Abort };

/// Two independent alarms fold into one word for display: the graver one.
enum class Decision : std::uint8_t { None, Warn, Act };

/// Steps until the limit, as a range; nothing when the memory does not grow.
struct Forecast {
    std::optional<double> steps;
    std::optional<double> low;
    std::optional<double> high; ///< absent with `low` present: perhaps never

    friend bool operator==(const Forecast&, const Forecast&) = default;
};

/// What a stream contributes to the growth; `who` is a category word, "cache", "untracked" or "rss".
struct Growth {
    std::string who;
    double mbPerStep = 0;
    double low = 0;
    double high = 0;
    double share = 0; ///< of all growth that is certain, 0 … 1; the whole ("rss") has none

    friend bool operator==(const Growth&, const Growth&) = default;
};

/// A line of the program that holds more tensor memory than it did, or that still holds some after a reload.
struct GrowingSite {
    std::string site; ///< "backend/model/Attention.cpp:88 (activations)"
    std::int64_t bytes = 0; ///< grown by, or held on to
    std::int64_t blocks = 0;
    double mbPerStep = 0;
    double blocksPerStep = 0; ///< near a whole number from 1 up for a leak in every step; 0 where no steps were counted

    friend bool operator==(const GrowingSite&, const GrowingSite&) = default;
};

/// The judgement of all streams together. MB is MiB.
struct LeakVerdict {
    Decision decision = Decision::None;
    double mbPerStep = 0; ///< of the stream that decides
    double low = 0;
    double high = 0;
    double nothingAbove = 0; ///< the smallest leak that could be seen by now; 0 while nothing can be said
    std::optional<Category> blame; ///< nothing: no leak, or untracked; see blameWord
    std::string blameWord; ///< category word, "cache", "untracked" or empty
    std::string reason; ///< evidence in words: "slope 4.00, needs 0.91; lower bound 3.8, needs 0.50"
    std::vector<Growth> growth; ///< one per stream, fixed order
    double unexplained = 0; ///< growth of the resident set that no part shows, beyond what the intervals allow
    std::vector<GrowingSite> sites; ///< while an alarm holds: who has grown since before it, most bytes first; at most 5
    Forecast toLimit;
    std::int64_t sinceStep = -1; ///< first step of the present decision

    friend bool operator==(const LeakVerdict&, const LeakVerdict&) = default;
};

enum class DrillShape : std::uint8_t { Constant, Bursty, Intermittent };

inline constexpr std::array<std::string_view, 3> kDrillShapeWords { "constant", "bursty", "intermittent" };
constexpr std::string_view toWord(DrillShape shape) { return kDrillShapeWords[static_cast<std::size_t>(shape)]; }

/// A leak of known size, injected on purpose.
struct Drill {
    bool active = false;
    std::string who; ///< category word or "untracked"
    double mbPerStep = 0;
    DrillShape shape = DrillShape::Constant;
    std::int64_t heldBytes = 0;
    std::int64_t afterSteps = 0; ///< leaks only after so many steps, when the run has become steady

    friend bool operator==(const Drill&, const Drill&) = default;
};

/// Lines of the memory chart, in bytes; 0 where a limit is off.
struct MemoryLimits {
    std::int64_t budget = 0;
    std::int64_t reloadThreshold = 0;
    std::int64_t alert = 0;
    std::int64_t cleanup = 0;
    std::int64_t critical = 0;
    std::int64_t pauseAvailable = 0; ///< what must be left to the machine, after the caps
    std::int64_t abortAvailable = 0;
    std::int64_t machine = 0; ///< MemTotal

    friend bool operator==(const MemoryLimits&, const MemoryLimits&) = default;
};

/// What a run is doing, as far as its need of memory goes.
enum class Phase : std::uint8_t { Preparing, Training, Evaluating, Checkpointing };

inline constexpr std::size_t kPhaseCount = 4;
inline constexpr std::array<std::string_view, kPhaseCount> kPhaseWords { "preparing", "training", "evaluating",
    "checkpointing" };
constexpr std::string_view toWord(Phase phase) { return kPhaseWords[static_cast<std::size_t>(phase)]; }

/// What one phase needs, learned while it went on; bytes of the anonymous part of RSS.
struct PhaseUse {
    std::int64_t looks = 0;
    std::int64_t usual = 0; ///< 0: not known yet
    std::int64_t unusual = 0; ///< from here on the use is out of the ordinary for this phase

    friend bool operator==(const PhaseUse&, const PhaseUse&) = default;
};

/// Something to do about memory, from the table of Advice.h.
struct Advice {
    std::string rule; ///< a word for the rule: "budget", "cache", "leak"
    Level grade = Level::Normal; ///< how urgent it is
    std::string text; ///< a sentence or two, with the keys to change

    friend bool operator==(const Advice&, const Advice&) = default;
};

/// Memory as one sees it from outside.
struct MemoryStatus {
    MemorySample latest;
    std::int64_t peakResident = 0;
    std::int64_t peakActive = 0;
    Level level = Level::Normal;
    Pressure pressure = Pressure::None;
    LeakVerdict leak;
    std::array<std::int64_t, kCategoryCount> bytesByCategory {};
    MemoryLimits limits;
    Drill drill;
    double judgeMicroseconds = 0; ///< mean cost of watching, per step
    Phase phase = Phase::Preparing;
    std::array<PhaseUse, kPhaseCount> phases {}; ///< by Phase
    std::int64_t cacheLimit = 0; ///< in force for freed blocks, chosen or set; 0: none
    std::string cacheNote; ///< how it was chosen, a sentence; empty: set by the configuration
    std::vector<Advice> advice; ///< the most urgent first, at most 8

    friend bool operator==(const MemoryStatus&, const MemoryStatus&) = default;
};

} // namespace dubito::memory
