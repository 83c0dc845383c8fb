// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

class QKeyEvent;

namespace dubito::ui::chart {

class PlotGroup;

/// Does what a key asks of the view that plots share: zoom around the crosshair, pan, one step back, the whole run,
/// follow. False: the key asks nothing of it.
bool steer(PlotGroup& group, const QKeyEvent& event);

} // namespace dubito::ui::chart
