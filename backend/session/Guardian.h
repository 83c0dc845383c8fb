// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/config/Config.h"
#include "backend/memory/CacheTuner.h"
#include "backend/memory/LeakDrill.h"
#include "backend/memory/LeakJudge.h"
#include "backend/memory/MemoryLevels.h"
#include "backend/memory/MemoryProbe.h"
#include "backend/memory/MemoryReport.h"
#include "backend/memory/PhaseBaselines.h"
#include "backend/memory/PressureGuard.h"
#include "backend/memory/SiteWatch.h"
#include "backend/memory/TensorPool.h"
#include "backend/session/RunBoards.h"

#include <chrono>
#include <cstdint>
#include <string>

namespace dubito::session {

/// What the memory is like at the end of a step, for those who decide.
struct Watched {
    memory::Decision leak = memory::Decision::None;
    memory::Level level = memory::Level::Normal;
    memory::LevelChange change; ///< to == from when no level was entered or left
    memory::Pressure pressure = memory::Pressure::None;
    std::string pressureReason;
    std::int64_t anonymousBytes = 0;
    bool isOverBudget = false;
};

/// Samples the memory once per step, always at the same phase, judges it, and tells the window and the event log.
///
/// Train thread only. It decides about nothing: Run acts on what it saw.
class Guardian {
public:
    Guardian(RunBoards& boards, memory::TensorPool& pool, memory::MemoryProbe& probe, const config::Config& config);

    /// Live values of a new configuration.
    void configure(const config::Config& config);

    /// After the optimizer, before the next batch. `stepsToCheckpoint`: until the next state is saved.
    Watched look(std::int64_t step, std::chrono::milliseconds time, double stepsToCheckpoint);

    /// Only what the machine has left: while paused there are no steps.
    memory::Pressure lookAtMachine();
    std::string pressureReason() const { return m_pressure.reason(); }

    /// Between two steps: what this phase needs is learned, and told when it is out of the ordinary. The sample of the step
    /// stays as it is.
    void lookAtPhase(memory::Phase phase, std::chrono::milliseconds time);

    /// A reload, a smaller batch: the ladders begin anew, with a grace, and so does what is known of phases and cache.
    void restart();

    /// Everything known about memory now, for whoever writes it down.
    memory::MemoryReport report(std::string cause) const;

    /// Where operations are measured; nullptr while memory.scopes is off.
    memory::ScopeLog* scopes() { return m_config.scopes == config::Switch::On ? &m_scopes : nullptr; }

    Result<void> startDrill(const memory::Drill& drill);
    void stopDrill();

    /// What a reload cures: blocks of the pool that the drill holds. What it leaked by malloc stays.
    void dropDrillBlocks();

    /// Anonymous bytes of a fresh model. A budget below them is kept by no reload: the pool still refuses what goes beyond
    /// it, but it is no limit of the process and being over it is no emergency.
    void noteFresh(std::int64_t bytes) { m_fresh = bytes; }

    const memory::MemoryStatus& status() const { return m_status; }

private:
    bool isBudgetKept() const;
    void sample(std::int64_t step, std::chrono::milliseconds time);
    void nameSites(const memory::LeakVerdict& before);
    void announce(const memory::LeakVerdict& before, std::chrono::milliseconds time);
    void announceLevel(const memory::LevelChange& change, std::chrono::milliseconds time);
    void lookAtHabits(memory::Phase phase, std::int64_t used, std::chrono::milliseconds time);
    void tuneCache();
    void setPoolLimits();
    void advise();
    void logOperations();
    void beat();

    RunBoards& m_boards;
    memory::TensorPool& m_pool;
    memory::MemoryProbe& m_probe;
    config::Config m_whole;
    config::Memory m_config;
    memory::MachineMemory m_machine;
    memory::LeakJudge m_judge;
    memory::MemoryLevels m_levels;
    memory::PressureGuard m_pressure;
    memory::LeakDrill m_drill;
    memory::SiteWatch m_sites;
    memory::PhaseBaselines m_phases;
    memory::CacheTuner m_cacheTuner;
    memory::ScopeLog m_scopes;
    memory::MemoryStatus m_status;
    std::int64_t m_fresh = 0;
    double m_stalled = -1;
    std::int64_t m_looks = 0;
};

} // namespace dubito::session
