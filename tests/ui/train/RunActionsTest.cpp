// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/train/RunActions.h"

#include "tests/support/SnapshotBuilder.h"

#include <gtest/gtest.h>

namespace dubito::ui {
namespace {

using tests::SnapshotBuilder;
using train::RunState;

session::Snapshot in(RunState state) { return SnapshotBuilder().running(10).state(state).build(); }

TEST(RunActions, ADisabledActionSaysWhy)
{
    RunActions actions(nullptr);
    for (int i = 0; i < static_cast<int>(train::kRunStateCount); ++i) {
        actions.display(in(static_cast<RunState>(i)));
        for (std::size_t which = 0; which < kRunActionCount; ++which) {
            const QAction* action = actions.action(static_cast<RunAction>(which));
            EXPECT_FALSE(action->toolTip().isEmpty());
            EXPECT_EQ(action->isEnabled(), whyNot(static_cast<RunAction>(which), in(static_cast<RunState>(i))).isEmpty());
        }
    }
}

TEST(RunActions, OfStartPauseAndResumeExactlyOneIsVisible)
{
    RunActions actions(nullptr);
    for (int i = 0; i < static_cast<int>(train::kRunStateCount); ++i) {
        actions.display(in(static_cast<RunState>(i)));
        const int visible = int(actions.action(RunAction::Start)->isVisible()) + int(actions.action(RunAction::Pause)->isVisible())
            + int(actions.action(RunAction::Resume)->isVisible());
        EXPECT_EQ(visible, 1) << "state " << i;
    }
}

TEST(RunActions, ARunningRunCanBePausedStoppedReloadedAndSaved)
{
    for (const auto which : { RunAction::Pause, RunAction::Stop, RunAction::ReloadNow, RunAction::Checkpoint }) {
        EXPECT_EQ(whyNot(which, in(RunState::Running)).toStdString(), "");
    }
    EXPECT_FALSE(whyNot(RunAction::Start, in(RunState::Running)).isEmpty());
}

TEST(RunActions, ARecordedRunIsResumed)
{
    RunActions actions(nullptr);
    actions.speakOfRecorded();
    actions.display(in(RunState::Finished));
    const QAction* start = actions.action(RunAction::Start);
    EXPECT_TRUE(start->isVisible());
    EXPECT_TRUE(start->isEnabled());
    EXPECT_EQ(start->text().toStdString(), "&Resume");
    EXPECT_TRUE(start->toolTip().contains(QStringLiteral("newest checkpoint"))) << start->toolTip().toStdString();
}

TEST(RunActions, WithoutCheckpointsThereIsNoReload)
{
    config::Config config;
    config.training.checkpointing = config::Switch::Off;
    const auto snapshot = SnapshotBuilder().running(10).config(config).build();
    EXPECT_TRUE(whyNot(RunAction::ReloadNow, snapshot).contains(QStringLiteral("training.checkpointing")));
}

TEST(RunActions, TriggeringPostsTheCommand)
{
    RunActions actions(nullptr);
    std::vector<session::Command> wanted;
    QObject::connect(&actions, &RunActions::commandWanted, &actions, [&](const session::Command& command) { wanted.push_back(command); });
    actions.display(in(RunState::Running));
    actions.action(RunAction::ReloadNow)->trigger();
    actions.action(RunAction::Checkpoint)->trigger();
    actions.display(in(RunState::Paused));
    actions.action(RunAction::Resume)->trigger();
    ASSERT_EQ(wanted.size(), 3U);
    EXPECT_TRUE(std::holds_alternative<session::ReloadNow>(wanted[0]));
    EXPECT_TRUE(std::holds_alternative<session::SaveCheckpoint>(wanted[1]));
    EXPECT_TRUE(std::holds_alternative<session::Resume>(wanted[2]));
}

} // namespace
} // namespace dubito::ui
