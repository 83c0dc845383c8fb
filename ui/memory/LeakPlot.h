// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/chart/PlotPanel.h"

namespace dubito::ui::memory {

/// Growth per step: what was seen, the estimate with its interval, what it takes to act, and the verdict in words.
chart::PlotContent leakContent(const session::Snapshot& snapshot);

/// The leak verdict as a chart. Everything it shows comes from leakContent().
class LeakPlot : public chart::PlotPanel {
    Q_OBJECT

public:
    explicit LeakPlot(chart::PlotGroup& group, QWidget* parent = nullptr)
        : PlotPanel(group, leakContent, parent)
    {
        setObjectName(QStringLiteral("leakPlot"));
    }
};

} // namespace dubito::ui::memory
