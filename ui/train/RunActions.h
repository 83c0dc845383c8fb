// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/session/Command.h"
#include "backend/session/Snapshot.h"

#include <QAction>
#include <QObject>

#include <array>
#include <cstdint>

namespace dubito::ui {

enum class RunAction : std::uint8_t { Start, Pause, Resume, Stop, ReloadNow, Checkpoint };

inline constexpr std::size_t kRunActionCount = 6;

/// Why this cannot be done now, in a sentence for the tool-tip; empty when it can.
QString whyNot(RunAction action, const session::Snapshot& snapshot);

/// The commands of a run as actions, for tool bar and menu alike; disabled ones say why.
///
/// Posts nothing: commandWanted() is for MainWindow. Of Start, Pause and Resume the one that fits is visible.
class RunActions final : public QObject {
    Q_OBJECT

public:
    explicit RunActions(QObject* parent);

    void display(const session::Snapshot& snapshot);
    QAction* action(RunAction which) const { return m_actions[static_cast<std::size_t>(which)]; }

    /// In the window of a recorded run: starting goes on with it from its newest checkpoint, and says so.
    void speakOfRecorded();

signals:
    void commandWanted(const dubito::session::Command& command);

private:
    std::array<QAction*, kRunActionCount> m_actions {};
    bool m_isRecorded = false;
};

} // namespace dubito::ui
