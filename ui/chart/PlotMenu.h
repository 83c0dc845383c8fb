// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPoint>

class QMenu;

namespace dubito::ui::chart {

class Plot;

/// What else a plot can do: another scale, limits by hand, and files of picture, drawing and data.
void fillPlotMenu(QMenu& menu, Plot& plot);

/// The menu, at a place on the screen. Returns when it is closed.
void openPlotMenu(Plot& plot, const QPoint& globalPosition);

} // namespace dubito::ui::chart
