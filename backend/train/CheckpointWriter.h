// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/base/Error.h"
#include "backend/base/Guarded.h"
#include "backend/base/TensorMemory.h"
#include "backend/base/Worker.h"
#include "backend/train/Checkpoint.h"
#include "backend/train/CheckpointFolder.h"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace dubito::train {

struct CheckpointRules {
    std::filesystem::path runFolder;
    std::int64_t saveTotalLimit = 3; ///< training.save_total_limit
    /// What must be durable before the checkpoint of this step gets its name; called on the writing thread.
    std::function<Result<void>(std::int64_t step)> beforePublish;
};

/// A checkpoint that is on the disk.
struct SavedCheckpoint {
    std::filesystem::path directory;
    std::int64_t step = 0;
    std::int64_t bytes = 0;
    std::chrono::milliseconds took { 0 };
    std::vector<Error> warnings; ///< a link not set, an old checkpoint not removed: the checkpoint itself is good
};

/// Writes the checkpoints of one run folder: publishes, sets links, applies the limit, in this order.
///
/// submit() copies the state and returns; a Worker writes the copy, so that training goes on. writeNow() is for when
/// the copy does not fit the budget, and for the last save. At most one is in flight. Owned and called by the train
/// thread; the destructor finishes what was submitted. `memory` must outlive it.
class CheckpointWriter {
public:
    CheckpointWriter(CheckpointRules rules, CompanionFiles companions, TensorMemory& memory);
    ~CheckpointWriter();

    CheckpointWriter(const CheckpointWriter&) = delete;
    CheckpointWriter& operator=(const CheckpointWriter&) = delete;

    /// training.save_total_limit from the next submit() or writeNow() on.
    void setSaveTotalLimit(std::int64_t limit) { m_rules.saveTotalLimit = limit; }

    /// ErrorCode::Memory when the copy is refused: use writeNow(). ErrorCode::Refused while one is in flight, and
    /// for ever after the writing thread itself has failed.
    Result<void> submit(const TrainStateView& state, std::vector<CheckpointLink> links = {});

    /// Waits for the one in flight, then writes on this thread. ErrorCode::Output.
    Result<SavedCheckpoint> writeNow(const TrainStateView& state, const std::vector<CheckpointLink>& links = {});

    /// Between submit() and the end of the writing.
    bool isBusy() const;

    /// What became of the submitted one: once, and nothing while it is still being written.
    std::optional<Result<SavedCheckpoint>> poll();

    /// poll() that waits for the one in flight; nothing when there was none.
    std::optional<Result<SavedCheckpoint>> wait();

private:
    struct Copy;
    struct Desk {
        std::unique_ptr<Copy> submitted;
        bool isWriting = false;
        bool isClosed = false; ///< the thread is gone: nobody would write what is put here
        std::optional<Result<SavedCheckpoint>> result;
    };

    void serve(std::stop_token stop);
    Result<SavedCheckpoint> write(
        const TrainStateView& state, const std::vector<CheckpointLink>& links, std::int64_t limit) const;

    CheckpointRules m_rules;
    CompanionFiles m_companions;
    TensorMemory& m_memory;
    Guarded<Desk> m_desk;
    Worker m_worker;
};

} // namespace dubito::train
