// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QToolBar>

namespace dubito::ui {

class RunActions;
class RunBar;

/// The tool bar: what can be done with the run, and beside it how far the run is.
///
/// Every button takes the focus by Tab, and is found as "button." and the name of its action.
class RunToolBar final : public QToolBar {
    Q_OBJECT

public:
    /// `actions` outlives this; the bar takes `progress` over.
    RunToolBar(const RunActions& actions, RunBar& progress, QWidget* parent);
};

} // namespace dubito::ui
