// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/session/RunBoards.h"

#include "tests/support/RunStage.h"

#include <gtest/gtest.h>

namespace dubito::session {
namespace {

TEST(RunBoards, TheSignOfLifeSaysWhatTheBoardsSay)
{
    const SmallRun small;
    RunStage stage(small);
    stage.boards.run.update([](train::RunStatus& status) {
        status.state = train::RunState::Running;
        status.step = 12;
        status.lastCheckpointStep = 10;
        status.problem = Error { ErrorCode::Memory, "too much", "step 12" };
    });
    stage.boards.memory.update([](memory::MemoryStatus& status) {
        status.latest.resident = 77;
        status.level = memory::Level::Alert;
        status.leak.decision = memory::Decision::Warn;
        status.leak.blameWord = "data";
        status.leak.mbPerStep = 1.5;
    });
    const Vitals vitals = vitalsOf(stage.boards);
    EXPECT_EQ(vitals.state, "running");
    EXPECT_EQ(vitals.step, 12);
    EXPECT_EQ(vitals.savedStep, 10);
    EXPECT_EQ(vitals.resident, 77);
    EXPECT_EQ(vitals.level, memory::Level::Alert);
    EXPECT_EQ(vitals.leak, "data grew by 1.50 MB/step");
    EXPECT_EQ(vitals.problem, "step 12: too much");
    EXPECT_FALSE(vitals.boot.empty());
}

} // namespace
} // namespace dubito::session
