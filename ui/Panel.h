// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/session/Snapshot.h"

#include <QWidget>

namespace dubito::ui {

/// A part of the window that is a function of the snapshot.
///
/// Main thread only. A panel keeps what it needs of a snapshot by value; the reference is good for the call alone.
/// MainWindow tells only visible panels and catches up when one becomes visible again, so a hidden panel costs nothing
/// and must be right after a single call. What the user asks for leaves a panel as a signal of its own, never as a call.
class Panel : public QWidget {
    Q_OBJECT

public:
    explicit Panel(QWidget* parent = nullptr) : QWidget(parent) { }

    /// Shows this and nothing else: the same snapshot twice changes nothing.
    virtual void display(const session::Snapshot& snapshot) = 0;
};

} // namespace dubito::ui
