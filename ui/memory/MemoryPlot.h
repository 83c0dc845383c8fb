// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/chart/PlotPanel.h"

namespace dubito::ui::memory {

/// RSS and what it consists of, the limits it is measured against, and where it is going.
chart::PlotContent memoryContent(const session::Snapshot& snapshot);

/// The memory trend. Everything it shows comes from memoryContent().
class MemoryPlot : public chart::PlotPanel {
    Q_OBJECT

public:
    explicit MemoryPlot(chart::PlotGroup& group, QWidget* parent = nullptr)
        : PlotPanel(group, memoryContent, parent)
    {
        setObjectName(QStringLiteral("memoryPlot"));
    }
};

} // namespace dubito::ui::memory
