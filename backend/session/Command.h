// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/config/Config.h"
#include "backend/memory/MemoryStatus.h"
#include "backend/session/DocumentOrder.h"

#include <array>
#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <string_view>
#include <variant>

namespace dubito::session {

/// Who asked; stands in the event.
enum class Cause : std::uint8_t { User, Signal, Pressure, Plan, File };

inline constexpr std::array<std::string_view, 5> kCauseWords { "user", "signal", "pressure", "plan", "file" };
constexpr std::string_view toWord(Cause cause) { return kCauseWords[static_cast<std::size_t>(cause)]; }

struct Start {
    Cause cause = Cause::User;
    /// Goes on with the run in this folder, by its own run.yaml (Snapshot::postMortem offers one); empty: as configured.
    std::string resumeFolder {};
};
struct Pause {
    Cause cause = Cause::User;
};
struct Resume {
    Cause cause = Cause::User;
};
struct Stop {
    Cause cause = Cause::User;
};
struct SaveCheckpoint {
    Cause cause = Cause::User;
};
struct ReloadNow {
    Cause cause = Cause::User;
};
/// Live fields come into force at the next step; the others at the next start.
struct ApplyConfig {
    std::shared_ptr<const config::Config> config;
    Cause cause = Cause::User;
};
struct StartDrill {
    std::string who; ///< category word or "untracked"
    double mbPerStep = 1;
    memory::DrillShape shape = memory::DrillShape::Constant;
    Cause cause = Cause::User;
};
struct StopDrill {
    Cause cause = Cause::User;
};
/// Drops every reclaimable cache and trims (SIGUSR1).
struct CleanUp {
    Cause cause = Cause::Signal;
};
/// Writes a memory report into the run folder; an event names it.
struct SaveReport {
    Cause cause = Cause::User;
};
/// Asks for a page of scored documents; the answer is in the next snapshots.
struct ShowDocuments {
    std::string filter {}; ///< part of id, title, source type or text; empty: all
    std::int64_t first = 0;
    std::string holding {}; ///< id of a document: the page that holds it, instead of `first`; empty: by `first`
    DocumentOrder order = DocumentOrder::Corpus; ///< a sorted list ends at kSortedReach
    Direction direction = Direction::Ascending;
    std::string sourceClass {}; ///< word of a class; empty: all
    double weightFrom = 0;
    double weightBelow = std::numeric_limits<double>::infinity();
    Cause cause = Cause::User;
};

/// Everything one may ask for.
using Command = std::variant<Start, Pause, Resume, Stop, SaveCheckpoint, ReloadNow, ApplyConfig, StartDrill, StopDrill,
    CleanUp, ShowDocuments, SaveReport>;

} // namespace dubito::session
