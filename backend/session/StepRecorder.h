// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/base/Error.h"
#include "backend/data/DocumentStore.h"
#include "backend/memory/MemoryStatus.h"
#include "backend/metrics/MetricsFile.h"
#include "backend/session/RunBoards.h"
#include "backend/train/Evaluator.h"
#include "backend/train/StepResult.h"

#include <chrono>
#include <optional>

namespace dubito::session {

/// Everything that is known about one finished step.
struct StepFacts {
    const train::StepResult& result;
    const memory::MemoryStatus& memory;
    std::int64_t residentBefore = 0; ///< of the step before; 0 when there was none
    std::chrono::milliseconds time { 0 }; ///< since the run began
    double stepMilliseconds = 0;
    const std::optional<train::HeldOutLoss>& heldOut; ///< when it was measured after this step
};

/// Writes the numbers of each step twice: into the histories of the window and as a line of metrics.jsonl.
///
/// Train thread only. The line is handed to the system at once, so that a kill loses nothing that was trained.
class StepRecorder {
public:
    StepRecorder(RunBoards& boards, metrics::MetricsFile file, const data::DocumentStore& documents,
        const data::DocumentStore* validation);

    Result<void> record(const StepFacts& facts);
    const std::filesystem::path& path() const { return m_file.path(); }

    /// The file itself: is it where it was, and back again.
    bool isInPlace() const { return m_file.isInPlace(); }
    Result<void> restore() { return m_file.restore(); }

private:
    metrics::MetricsLine lineOf(const StepFacts& facts) const;

    RunBoards& m_boards;
    metrics::MetricsFile m_file;
    const data::DocumentStore& m_documents;
    const data::DocumentStore* m_validation;
};

} // namespace dubito::session
