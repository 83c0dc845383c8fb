// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/base/Error.h"
#include "backend/config/Config.h"
#include "backend/session/RunBoards.h"
#include "backend/train/CheckpointWriter.h"

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace dubito::session {

/// Why a checkpoint is written; stands in the event.
enum class SaveCause : std::uint8_t { Interval, User, Best, Reload, Stop, Final, Folder };

/// Decides when the run is saved, hands the state to the writer, and tells what became of it.
///
/// Train thread only. Asynchronous where the copy fits the budget; the last save of a run and that of a reload are waited
/// for. A save that fails is an event and a degraded module, and the run goes on: older checkpoints are untouched.
class CheckpointKeeper {
public:
    struct Parts {
        RunBoards& boards;
        TensorMemory& memory;
        std::filesystem::path runFolder;
        train::CompanionFiles companions;
        std::function<Result<void>()> syncMetrics; ///< any thread
        std::function<std::chrono::milliseconds()> runTime; ///< train thread
    };

    CheckpointKeeper(Parts parts, const config::Training& training);

    /// The state after this step is to be saved: by the interval, or as the best so far.
    bool isDue(const train::TrainProgress& progress) const { return isAtInterval(progress) || progress.bestStep == progress.step; }

    /// After every step: starts what is due, and reports what has been written.
    void afterStep(const train::TrainStateView& state);

    /// Soon, in the background where possible.
    void save(const train::TrainStateView& state, SaveCause cause);

    /// Now; its directory.
    Result<std::filesystem::path> saveAndWait(const train::TrainStateView& state, SaveCause cause);

    /// Waits for what is being written, and reports it.
    void settle();

    void applyRules(const config::Training& training);
    bool isOn() const { return m_training.checkpointing == config::Switch::On; }
    std::int64_t lastStep() const { return m_lastStep; }

    /// The step that is being written now; negative: none.
    std::int64_t submittedStep() const { return m_submittedStep; }

    /// The newest save failed: what is trained now is on no disk.
    bool isFailing() const { return m_isFailing; }

    /// A checkpoint that was there before (a resumed run).
    void remember(std::int64_t step, const std::filesystem::path& directory);

    /// Whoever removed the run folder has removed the checkpoints, too: the next save() writes, whatever was saved before.
    void forget();

private:
    bool isAtInterval(const train::TrainProgress& progress) const
    {
        return m_training.checkpointInterval > 0 && progress.step % m_training.checkpointInterval == 0;
    }
    void collect();
    void report(const Result<train::SavedCheckpoint>& saved);

    Parts m_parts;
    config::Training m_training;
    std::unique_ptr<train::CheckpointWriter> m_writer;
    SaveCause m_cause = SaveCause::Interval;
    std::int64_t m_submittedStep = -1;
    std::int64_t m_lastStep = -1;
    bool m_isFailing = false;
};

} // namespace dubito::session
