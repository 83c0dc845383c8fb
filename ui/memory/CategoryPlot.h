// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/chart/PlotPanel.h"

namespace dubito::ui::memory {

/// Memory by what it is for, stacked: what should never grow is grey and lies below.
chart::PlotContent categoryContent(const session::Snapshot& snapshot);

/// Memory by category. Everything it shows comes from categoryContent().
class CategoryPlot : public chart::PlotPanel {
    Q_OBJECT

public:
    explicit CategoryPlot(chart::PlotGroup& group, QWidget* parent = nullptr)
        : PlotPanel(group, categoryContent, parent)
    {
        setObjectName(QStringLiteral("categoryPlot"));
    }
};

} // namespace dubito::ui::memory
