// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/train/RunActions.h"

#include "ui/Look.h"
#include "ui/Symbol.h"

#include <QKeySequence>

namespace dubito::ui {

using train::RunState;

namespace {

struct Row {
    RunAction action;
    const char* name; ///< object name
    const char* text;
    const char* help;
    const char* keys;
    Symbol symbol;
    session::Command (*command)();
};

constexpr std::array<Row, kRunActionCount> kRows { {
    { RunAction::Start, "actionStart", QT_TRANSLATE_NOOP("dubito::ui::RunActions", "&Start"),
        QT_TRANSLATE_NOOP("dubito::ui::RunActions", "Start the run"), "Ctrl+Return", Symbol::Running,
        [] { return session::Command(session::Start {}); } },
    { RunAction::Pause, "actionPause", QT_TRANSLATE_NOOP("dubito::ui::RunActions", "&Pause"),
        QT_TRANSLATE_NOOP("dubito::ui::RunActions", "Pause at the next step boundary"), "Ctrl+P", Symbol::Paused,
        [] { return session::Command(session::Pause {}); } },
    { RunAction::Resume, "actionResume", QT_TRANSLATE_NOOP("dubito::ui::RunActions", "&Resume"),
        QT_TRANSLATE_NOOP("dubito::ui::RunActions", "Go on where it paused"), "Ctrl+Return", Symbol::Running,
        [] { return session::Command(session::Resume {}); } },
    { RunAction::Stop, "actionStop", QT_TRANSLATE_NOOP("dubito::ui::RunActions", "S&top"),
        QT_TRANSLATE_NOOP("dubito::ui::RunActions", "Write a checkpoint and end the run"), "Ctrl+.", Symbol::Stop,
        [] { return session::Command(session::Stop {}); } },
    { RunAction::ReloadNow, "actionReload", QT_TRANSLATE_NOOP("dubito::ui::RunActions", "Re&load now"),
        QT_TRANSLATE_NOOP("dubito::ui::RunActions", "Save, give all memory back, load again and verify; no step is lost"),
        "Ctrl+R", Symbol::Turn, [] { return session::Command(session::ReloadNow {}); } },
    { RunAction::Checkpoint, "actionCheckpoint", QT_TRANSLATE_NOOP("dubito::ui::RunActions", "&Checkpoint"),
        QT_TRANSLATE_NOOP("dubito::ui::RunActions", "Write a checkpoint at the next step boundary"), "Ctrl+K",
        Symbol::Save, [] { return session::Command(session::SaveCheckpoint {}); } },
} };

QString translated(const char* text) { return RunActions::tr(text); }

QString whyNoStart(const train::RunStatus& run)
{
    return isActive(run.state) ? translated("A run is on its way. Stop it first.") : QString();
}

/// What needs a run that steps, or stands between two steps.
QString whyNoStep(const train::RunStatus& run, const QString& what)
{
    switch (run.state) {
    case RunState::Running:
    case RunState::Paused:
        return {};
    case RunState::Reloading:
        return translated("The model is being reloaded; %1 is possible right after.").arg(what);
    case RunState::Preparing:
        return translated("The run is still being prepared; %1 is possible from the first step on.").arg(what);
    case RunState::Stopping:
        return translated("The run is stopping.");
    default:
        return translated("Nothing runs.");
    }
}

bool isOn(RunAction action, RunState state)
{
    switch (action) {
    case RunAction::Start:
        return !train::isActive(state);
    case RunAction::Resume:
        return state == RunState::Paused;
    case RunAction::Pause:
        return train::isActive(state) && state != RunState::Paused;
    default:
        return true;
    }
}

} // namespace

QString whyNot(RunAction action, const session::Snapshot& snapshot)
{
    const auto& run = snapshot.run;
    switch (action) {
    case RunAction::Start:
        return whyNoStart(run);
    case RunAction::Pause:
        return run.state == RunState::Paused ? translated("It is paused already.") : whyNoStep(run, translated("a pause"));
    case RunAction::Resume:
        return run.state == RunState::Paused ? QString() : translated("Nothing is paused.");
    case RunAction::Stop:
        if (run.state == RunState::Stopping) {
            return translated("The run is stopping.");
        }
        return train::isActive(run.state) ? QString() : translated("Nothing runs.");
    case RunAction::ReloadNow:
    case RunAction::Checkpoint:
        if (snapshot.config.inForce && snapshot.config.inForce->training.checkpointing == config::Switch::Off) {
            return translated("Checkpointing is off (training.checkpointing).");
        }
        return whyNoStep(run, action == RunAction::ReloadNow ? translated("a reload") : translated("a checkpoint"));
    }
    return {};
}

RunActions::RunActions(QObject* parent) : QObject(parent)
{
    for (const Row& row : kRows) {
        auto* action = new QAction(symbolIcon(row.symbol), tr(row.text), this);
        action->setObjectName(QLatin1String(row.name));
        action->setIconText(QLatin1Char(' ') + tr(row.text).remove(QLatin1Char('&'))); // the blank parts it from the icon
        action->setShortcut(QKeySequence(QLatin1String(row.keys)));
        connect(action, &QAction::triggered, this, [this, &row] { emit commandWanted(row.command()); });
        m_actions[static_cast<std::size_t>(row.action)] = action;
    }
    display({});
}

void RunActions::display(const session::Snapshot& snapshot)
{
    for (const Row& row : kRows) {
        QAction* action = m_actions[static_cast<std::size_t>(row.action)];
        const QString reason = whyNot(row.action, snapshot);
        const QString keys = action->shortcut().toString(QKeySequence::NativeText);
        action->setVisible(isOn(row.action, snapshot.run.state));
        action->setEnabled(reason.isEmpty());
        const bool goesOn = m_isRecorded && row.action == RunAction::Start;
        const QString help = goesOn ? tr("Go on with this run from its newest checkpoint") : tr(row.help);
        action->setToolTip(reason.isEmpty() ? QStringLiteral("%1 (%2)").arg(help, keys) : reason);
        action->setStatusTip(reason);
    }
}

void RunActions::speakOfRecorded()
{
    m_isRecorded = true;
    QAction* start = action(RunAction::Start);
    start->setText(action(RunAction::Resume)->text());
    start->setIconText(action(RunAction::Resume)->iconText());
}

} // namespace dubito::ui
