// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/train/RunToolBar.h"

#include "ui/train/RunActions.h"
#include "ui/train/RunBar.h"

#include <gtest/gtest.h>

#include <QToolButton>

namespace dubito::ui {
namespace {

TEST(RunToolBar, EveryActionIsAButtonThatTabComesToAndThatHasAName)
{
    RunActions actions(nullptr);
    const RunToolBar bar(actions, *new RunBar, nullptr);
    for (std::size_t i = 0; i < kRunActionCount; ++i) {
        const QAction* action = actions.action(static_cast<RunAction>(i));
        const auto* button = bar.findChild<QToolButton*>(QStringLiteral("button.") + action->objectName());
        ASSERT_NE(button, nullptr) << action->objectName().toStdString();
        EXPECT_NE(button->focusPolicy() & Qt::TabFocus, 0);
        EXPECT_EQ(button->accessibleName().toStdString(), action->iconText().trimmed().toStdString());
    }
}

TEST(RunToolBar, TheNameOfAButtonIsWhatItSays)
{
    RunActions actions(nullptr);
    const RunToolBar bar(actions, *new RunBar, nullptr);
    actions.speakOfRecorded();
    EXPECT_EQ(bar.findChild<QToolButton*>(QStringLiteral("button.actionStart"))->accessibleName().toStdString(), "Resume");
}

} // namespace
} // namespace dubito::ui
