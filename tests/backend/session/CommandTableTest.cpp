// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/session/CommandTable.h"

#include <gtest/gtest.h>

namespace dubito::session {
namespace {

using train::RunState;

/// The states in which a command is taken, one letter each: Idle pReparing rUnning paused (z) reLoading Stopping
/// Finished failed (x), in their order.
std::string statesFor(const Command& command)
{
    constexpr std::string_view kLetters = "IRUZLSFX";
    std::string states;
    for (std::size_t i = 0; i < train::kRunStateCount; ++i) {
        if (mayPost(command, static_cast<RunState>(i))) {
            states += kLetters[i];
        }
    }
    return states;
}

TEST(CommandTable, SaysWhichCommandFitsWhichState)
{
    EXPECT_EQ(statesFor(Start {}), "IFX");
    EXPECT_EQ(statesFor(Pause {}), "UL");
    EXPECT_EQ(statesFor(Resume {}), "Z");
    EXPECT_EQ(statesFor(Stop {}), "RUZL");
    EXPECT_EQ(statesFor(SaveCheckpoint {}), "UZ");
    EXPECT_EQ(statesFor(ReloadNow {}), "UZ");
    EXPECT_EQ(statesFor(ApplyConfig {}), "IRUZLSFX");
    EXPECT_EQ(statesFor(StartDrill {}), "UZL");
    EXPECT_EQ(statesFor(StopDrill {}), "UZL");
    EXPECT_EQ(statesFor(CleanUp {}), "UZL");
    EXPECT_EQ(statesFor(ShowDocuments {}), "IRUZLSFX");
}

TEST(CommandTable, ARefusalHasItsReasonAndTheState)
{
    const auto refused = mayPost(Resume {}, RunState::Running);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::Refused);
    EXPECT_EQ(toText(refused.error()), "running: only a paused run can go on");
}

} // namespace
} // namespace dubito::session
