// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace dubito::session {

/// The kinds of events.jsonl, in the spelling of kEventKindWords.
enum class EventKind : std::uint8_t {
    Start,
    Resume,
    Pause,
    Checkpoint,
    Reload,
    Relieve,
    Warn,
    Act,
    Retained,
    GiveUp,
    BatchReduced,
    Alert,
    Stop,
    Finish,
    Fail,
};

inline constexpr std::size_t kEventKindCount = 15;

inline constexpr std::array<std::string_view, kEventKindCount> kEventKindWords { "start", "resume", "pause",
    "checkpoint", "reload", "relieve", "warn", "act", "retained", "give_up", "batch_reduced", "alert", "stop", "finish",
    "fail" };

constexpr std::string_view toWord(EventKind kind) { return kEventKindWords[static_cast<std::size_t>(kind)]; }

/// Something that happened to the run: a line of events.jsonl, a row of the table, a mark on every chart.
struct Event {
    std::uint64_t id = 0; ///< rising, from 1
    std::int64_t step = 0;
    std::chrono::milliseconds time { 0 }; ///< since the run began
    std::chrono::system_clock::time_point wall; ///< the time of day
    EventKind kind = EventKind::Start;
    std::string cause; ///< "manual", "interval", "pressure", "user", …
    std::string text; ///< a sentence for the table
    std::vector<std::pair<std::string, double>> numbers; ///< at most 8: before_mb, after_mb, seconds, …
    bool isEarlier = false; ///< of a session before this one, read again from the file of a resumed run

    friend bool operator==(const Event&, const Event&) = default;
};

} // namespace dubito::session
