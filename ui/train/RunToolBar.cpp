// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/train/RunToolBar.h"

#include "ui/Symbol.h"
#include "ui/train/RunActions.h"
#include "ui/train/RunBar.h"

#include <QApplication>
#include <QToolButton>

namespace dubito::ui {

RunToolBar::RunToolBar(const RunActions& actions, RunBar& progress, QWidget* parent)
    : QToolBar(tr("Run"), parent)
{
    setObjectName(QStringLiteral("runToolBar"));
    setMovable(false);
    setContextMenuPolicy(Qt::PreventContextMenu);
    setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    setIconSize(QSize(1, 1) * scaledPixels(QApplication::font(), 14));
    for (const auto which : { RunAction::Start, RunAction::Pause, RunAction::Resume, RunAction::Stop }) {
        addAction(actions.action(which));
    }
    addSeparator();
    addAction(actions.action(RunAction::ReloadNow));
    addAction(actions.action(RunAction::Checkpoint));
    addSeparator();
    addWidget(&progress);
    for (QAction* action : QWidget::actions()) {
        auto* button = qobject_cast<QToolButton*>(widgetForAction(action));
        if (button == nullptr || action->text().isEmpty()) {
            continue;
        }
        button->setFocusPolicy(Qt::StrongFocus);
        button->setObjectName(QStringLiteral("button.") + action->objectName());
        // Named by what it says now: Start says Resume in the window of a recorded run.
        const auto name = [button, action] { button->setAccessibleName(action->iconText().trimmed()); };
        connect(action, &QAction::changed, button, name);
        name();
    }
}

} // namespace dubito::ui
