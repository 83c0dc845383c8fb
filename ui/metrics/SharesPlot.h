// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/chart/PlotPanel.h"

namespace dubito::ui::metrics {

/// Which source classes the gradient listens to, stacked to 100 %, with the effective sample size.
chart::PlotContent sharesContent(const session::Snapshot& snapshot);

/// The shares of the gradient weight. Everything it shows comes from sharesContent().
class SharesPlot : public chart::PlotPanel {
    Q_OBJECT

public:
    explicit SharesPlot(chart::PlotGroup& group, QWidget* parent = nullptr)
        : PlotPanel(group, sharesContent, parent)
    {
        setObjectName(QStringLiteral("sharesPlot"));
    }
};

} // namespace dubito::ui::metrics
