// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/base/Parallel.h"
#include "backend/memory/LeakDrill.h"
#include "backend/memory/MemoryProbe.h"
#include "backend/memory/TensorPool.h"
#include "backend/session/CheckpointKeeper.h"
#include "backend/session/CommandQueue.h"
#include "backend/session/Guardian.h"
#include "backend/session/Preparation.h"
#include "backend/session/RunBoards.h"
#include "backend/session/RunFolder.h"
#include "backend/session/RunJournal.h"
#include "backend/session/StepRecorder.h"
#include "backend/train/Trainer.h"

#include <memory>
#include <optional>
#include <stop_token>

namespace dubito::session {

/// Who watches a run decides what RETAINED and GIVE UP mean: a terminal ends, a window pauses and asks.
enum class Frontend : std::uint8_t { Terminal, Window };

/// What a run is told; everything outlives it.
struct RunParts {
    RunBoards& boards;
    CommandQueue& commands;
    memory::TensorPool& pool;
    memory::MemoryProbe& probe;
    Resuming resuming = Resuming::No;
    Frontend frontend = Frontend::Terminal;
    std::optional<memory::Drill> drill; ///< begins with the first step
};

/// Everything a run works with, once it is prepared. Train thread only.
///
/// Members are in the order in which they need each other; the trainer goes and comes back at a reload.
struct RunKit {
    std::shared_ptr<const config::Config> config;
    std::unique_ptr<RunFolder> folder;
    std::unique_ptr<Prepared> prepared;
    std::unique_ptr<Parallel> parallel;
    std::unique_ptr<Guardian> guardian;
    std::unique_ptr<StepRecorder> recorder;
    std::unique_ptr<model::FrozenWeights<float>> base; ///< below an adapter; a reload keeps it
    std::unique_ptr<train::Trainer> trainer;
    std::unique_ptr<CheckpointKeeper> keeper;

    /// Anonymous bytes with the corpus ready and no model, and with a fresh model before the first step.
    std::int64_t baselineEmpty = 0;
    std::int64_t baselineLoaded = 0;

    /// What the machine or the budget leaves for training: gradient_checkpointing: auto fits into it.
    std::int64_t roomBytes = 0;
};

/// The state Preparing, whole: folder, corpus, model, checkpoint to resume from, files. ErrorCode::Refused when stopped.
Result<std::unique_ptr<RunKit>> assembleRun(const RunParts& parts, RunJournal& journal, std::stop_token stop);

/// The configuration in force and where each value comes from, as run.yaml of the run folder. ErrorCode::Output.
Result<void> writeRunYaml(RunBoards& boards, const RunKit& kit);

/// A trainer whose parameters have no values yet: for the start and for every reload.
Result<std::unique_ptr<train::Trainer>> buildTrainer(const RunKit& kit, memory::TensorPool& pool);

/// Reads a checkpoint into a trainer of buildTrainer(). ErrorCode::Data when it belongs to other data, or says that it stands
/// where no run on this data can be.
Result<void> restoreTrainer(train::Trainer& trainer, const std::filesystem::path& checkpoint, const Prepared& prepared);

} // namespace dubito::session
