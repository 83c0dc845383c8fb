// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/base/Clock.h"
#include "backend/base/Error.h"
#include "backend/memory/MemoryProbe.h"
#include "backend/memory/TensorPool.h"
#include "backend/reload/ReloadStatus.h"

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

namespace dubito::reload {

/// What is reloaded: the trainer with everything that belongs to it. Run implements it, a test brings its own.
class Reloadable {
public:
    virtual ~Reloadable() = default;

    /// Writes and verifies a checkpoint; its name.
    virtual Result<std::string> save() = 0;

    /// Destroys model, optimizer and working memory; nothing of them may stay in the pool.
    virtual void tearDown() = 0;

    /// Builds them anew from the checkpoint that save() wrote, and verifies that it is the same state.
    virtual Result<void> rebuild() = 0;
};

/// What a climb is measured against; bytes are of the anonymous part of RSS.
struct ReloadGoal {
    ReloadCause cause = ReloadCause::Manual;
    std::int64_t baselineEmpty = 0; ///< with the corpus ready and no model
    std::int64_t baselineLoaded = 0; ///< with a fresh model, before the first step
    /// A relief that comes down to this is enough for an unplanned reload; 0: nothing is enough.
    std::int64_t reliefBytes = 0;
};

struct ReloadReport {
    Outcome outcome = Outcome::None;
    std::int64_t beforeBytes = 0;
    std::int64_t emptyBytes = 0; ///< while no model was there
    std::int64_t afterBytes = 0;
    double seconds = 0;
    std::array<std::string, 6> notes; ///< by Rung
    memory::OldBlocks outlived; ///< blocks of the pool that are older than the reload
    std::optional<Error> problem; ///< why it failed, for GaveUp

    std::int64_t recoveredBytes() const { return beforeBytes - afterBytes; }
};

/// Climbs relieve → measure → checkpoint → reload → verify, and measures what came back: a table of edges says where each
/// rung leads with what was found on it, and every edge is logged with its cause, bytes before and after, and seconds.
///
/// Called on the train thread, which owns what is reloaded. It does not decide that a reload is due (ReloadPolicy) nor
/// whether one is allowed (ReloadBudget).
class ReloadLadder {
public:
    using OnRung = std::function<void(Rung rung, const std::array<std::string, 6>& notes)>;

    ReloadLadder(memory::TensorPool& pool, memory::MemoryProbe& probe, const Clock& clock, OnRung onRung);

    /// Clears the pool's cache and hands the heap's free pages back. The answer is the anonymous bytes given back.
    std::int64_t relieve();

    ReloadReport climb(const ReloadGoal& goal, Reloadable& site);

    /// The anonymous part of RSS: the smallest of three readings.
    std::int64_t measure();

    /// baseline + max(32 MiB, 2 %).
    static std::int64_t tolerated(std::int64_t baseline);

private:
    /// What a rung comes to.
    enum class Finding : std::uint8_t { Done, Enough, Failed };

    /// What is known on the way up.
    struct Climb {
        const ReloadGoal& goal;
        Reloadable& site;
        ReloadReport report;
        bool isEmpty = false; ///< without the model, memory was down to the baseline
    };

    struct Edge;
    static const Edge& edgeOf(Rung from, Finding finding);

    Finding relieveFirst(Climb& climb);
    Finding measureRelief(Climb& climb);
    Finding saveState(Climb& climb);
    Finding replaceModel(Climb& climb);
    Finding verify(Climb& climb);

    void note(Rung rung, std::string text);
    void logEdge(const Edge& edge, const Climb& climb, std::int64_t before, double seconds) const;

    memory::TensorPool& m_pool;
    memory::MemoryProbe& m_probe;
    const Clock& m_clock;
    OnRung m_onRung;
    std::array<std::string, 6> m_notes;
};

} // namespace dubito::reload
