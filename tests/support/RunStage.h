// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/base/Text.h"
#include "backend/memory/MemoryProbe.h"
#include "backend/session/Run.h"
#include "tests/support/SmallRun.h"

#include <functional>
#include <optional>
#include <stop_token>

namespace dubito::session {

/// A machine whose memory is what the test says at each look; the train thread alone asks it.
class ScriptedProbe final : public memory::MemoryProbe {
public:
    memory::ProcessMemory process() override
    {
        if (onLook) {
            onLook();
        }
        return { onProcess ? onProcess() : 300 * kMiB, 0 };
    }
    memory::MachineMemory machine() override
    {
        memory::MachineMemory machine;
        machine.total = 24 * kGiB;
        machine.available = onMachine ? onMachine() : 20 * kGiB;
        return machine;
    }
    double stalledPercentage() override { return 0; }

    std::function<void()> onLook; ///< before each answer about the process
    std::function<std::int64_t()> onProcess; ///< resident bytes
    std::function<std::int64_t()> onMachine; ///< available bytes
};

/// The boards and queues that a Run works on, for a run on the thread of the test: what is asked of it is put into the
/// queue before, or by the probe while it goes on.
class RunStage {
public:
    explicit RunStage(const SmallRun& small, const Clock& theClock = systemClock())
        : store(small.layered())
        , boards(theClock, store, std::chrono::seconds(60))
    {
    }

    /// From begin to end; the status it ended with.
    train::RunStatus work(Resuming resuming = Resuming::No, Frontend frontend = Frontend::Terminal)
    {
        RunJournal(boards).begin("");
        Run run(RunParts { .boards = boards,
            .commands = commands,
            .pool = pool,
            .probe = probe,
            .resuming = resuming,
            .frontend = frontend,
            .drill = drill });
        run.work(stop.get_token());
        return boards.run.copy();
    }

    static const Clock& systemClock()
    {
        static const SystemClock kClock;
        return kClock;
    }

    config::ConfigStore store;
    RunBoards boards;
    CommandQueue commands;
    memory::TensorPool pool;
    ScriptedProbe probe;
    std::stop_source stop;
    std::optional<memory::Drill> drill;
};

} // namespace dubito::session
