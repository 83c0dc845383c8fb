// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/chart/PlotPanel.h"

namespace dubito::ui::metrics {

/// Tokens per second, their median and the time of a step.
chart::PlotContent throughputContent(const session::Snapshot& snapshot);

/// The speed. Everything it shows comes from throughputContent().
class ThroughputPlot : public chart::PlotPanel {
    Q_OBJECT

public:
    explicit ThroughputPlot(chart::PlotGroup& group, QWidget* parent = nullptr)
        : PlotPanel(group, throughputContent, parent)
    {
        setObjectName(QStringLiteral("throughputPlot"));
    }
};

} // namespace dubito::ui::metrics
