// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/chart/PlotPanel.h"

namespace dubito::ui::metrics {

/// Held-out cross-entropy of each source class: which kind of text the model learns.
chart::PlotContent heldOutContent(const session::Snapshot& snapshot);

/// The held-out loss by source class. Everything it shows comes from heldOutContent().
class HeldOutPlot : public chart::PlotPanel {
    Q_OBJECT

public:
    explicit HeldOutPlot(chart::PlotGroup& group, QWidget* parent = nullptr)
        : PlotPanel(group, heldOutContent, parent)
    {
        setObjectName(QStringLiteral("heldOutPlot"));
    }
};

} // namespace dubito::ui::metrics
