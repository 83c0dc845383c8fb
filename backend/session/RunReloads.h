// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/memory/MemoryReport.h"
#include "backend/memory/Reclaimables.h"
#include "backend/reload/ReloadBudget.h"
#include "backend/reload/ReloadLadder.h"
#include "backend/reload/ReloadPolicy.h"
#include "backend/session/RunKit.h"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <optional>
#include <string>

namespace dubito::session {

/// Asks at every step boundary whether a reload is due and allowed, climbs the ladder, and says what is left to do.
///
/// Train thread only. It ends with the trainer of the kit replaced, or with the reason why not.
class RunReloads final : private reload::Reloadable {
public:
    enum class After : std::uint8_t {
        GoOn,
        Retained, ///< unplanned, and the memory did not come back: a fresh process is wanted
        GaveUp, ///< the budget is spent; the model is as it was
        Failed, ///< there is no model any more
    };

    struct Answer {
        After after = After::GoOn;
        std::optional<Error> problem;
    };

    RunReloads(const RunParts& parts, RunJournal& journal, RunKit& kit);

    void configure(const config::Config& config);

    /// What was due and is allowed has been done when it returns.
    Answer afterStep(const Watched& watched);

    /// What the button asks for: without budget and cool-down.
    Answer now();

    /// Drops the registered caches and trims: all of it, as SIGUSR1 asks for, or until `wanted` bytes have come back.
    void cleanUp(const std::string& cause, std::int64_t wanted = std::numeric_limits<std::int64_t>::max());

    /// Writes a memory report into the run folder, and an event that names it.
    void saveReport(const std::string& cause, std::optional<memory::CleanUpReport> cleanUp = {});

private:
    void registerCaches();
    void reportByRule(const std::string& cause, std::optional<memory::CleanUpReport> cleanUp = {});
    Answer climb(reload::ReloadCause cause);
    Answer settle(reload::ReloadCause cause, const reload::ReloadReport& report);
    Answer refuse(reload::ReloadCause cause, const reload::Admission& admission);
    void skip(reload::ReloadCause cause);
    void sayUnattainable(const reload::ReloadFacts& facts);
    void recallBudget();
    void settleDown(std::int64_t stepsSinceReload);
    reload::Urgency urgencyOf(const reload::ReloadFacts& facts) const;
    void publish();
    std::int64_t reliefBytes(reload::ReloadCause cause) const;
    std::chrono::nanoseconds clockNow() const { return m_parts.boards.clock.now(); }

    Result<std::string> save() override;
    void tearDown() override;
    Result<void> rebuild() override;

    const RunParts& m_parts;
    RunJournal& m_journal;
    RunKit& m_kit;
    reload::ReloadLadder m_ladder;
    memory::Reclaimables m_caches;
    reload::ReloadBudget m_budget;
    reload::ReloadRules m_rules;
    reload::ReloadStatus m_status;
    Watched m_watched;
    std::int64_t m_lastStep = 0; ///< of the last reload, or of the start
    std::int64_t m_settledBytes = 0; ///< the most in the first steps after a reload that helped
    std::filesystem::path m_saved;
    std::optional<std::chrono::nanoseconds> m_lastWarning; ///< of a skipped reload: at most once a minute
    std::optional<std::chrono::nanoseconds> m_lastUnattainable; ///< at most once an hour
};

} // namespace dubito::session
