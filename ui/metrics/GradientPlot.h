// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/chart/PlotPanel.h"

namespace dubito::ui::metrics {

/// The global norm of the gradient before clipping, and the norm it is clipped to.
chart::PlotContent gradientContent(const session::Snapshot& snapshot);

/// The gradient norm. Everything it shows comes from gradientContent().
class GradientPlot : public chart::PlotPanel {
    Q_OBJECT

public:
    explicit GradientPlot(chart::PlotGroup& group, QWidget* parent = nullptr)
        : PlotPanel(group, gradientContent, parent)
    {
        setObjectName(QStringLiteral("gradientPlot"));
    }
};

} // namespace dubito::ui::metrics
