// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/chart/PlotPanel.h"

namespace dubito::ui::memory {

/// What the machine has left, and where the run pauses and ends for it.
chart::PlotContent machineContent(const session::Snapshot& snapshot);

/// Free memory of the machine. Everything it shows comes from machineContent().
class MachinePlot : public chart::PlotPanel {
    Q_OBJECT

public:
    explicit MachinePlot(chart::PlotGroup& group, QWidget* parent = nullptr)
        : PlotPanel(group, machineContent, parent)
    {
        setObjectName(QStringLiteral("machinePlot"));
    }
};

} // namespace dubito::ui::memory
