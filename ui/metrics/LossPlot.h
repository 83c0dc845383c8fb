// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/chart/PlotPanel.h"

namespace dubito::ui::metrics {

/// Cross-entropy, weighted cross-entropy, validation and, switched off at first, the published total.
chart::PlotContent lossContent(const session::Snapshot& snapshot);

/// The loss. Everything it shows comes from lossContent().
class LossPlot : public chart::PlotPanel {
    Q_OBJECT

public:
    explicit LossPlot(chart::PlotGroup& group, QWidget* parent = nullptr)
        : PlotPanel(group, lossContent, parent)
    {
        setObjectName(QStringLiteral("lossPlot"));
    }
};

} // namespace dubito::ui::metrics
