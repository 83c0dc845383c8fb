// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/chart/PlotPanel.h"

namespace dubito::ui::metrics {

/// The learning rate as the schedule set it, step by step.
chart::PlotContent learningRateContent(const session::Snapshot& snapshot);

/// The learning rate. Everything it shows comes from learningRateContent().
class LearningRatePlot : public chart::PlotPanel {
    Q_OBJECT

public:
    explicit LearningRatePlot(chart::PlotGroup& group, QWidget* parent = nullptr)
        : PlotPanel(group, learningRateContent, parent)
    {
        setObjectName(QStringLiteral("learningRatePlot"));
    }
};

} // namespace dubito::ui::metrics
