// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/chart/PlotKeys.h"

#include "ui/chart/PlotGroup.h"

#include <QKeyEvent>

namespace dubito::ui::chart {

bool steer(PlotGroup& group, const QKeyEvent& event)
{
    const double center = group.crosshair().value_or(group.range().from + group.range().span() / 2);
    switch (event.key()) {
    case Qt::Key_Plus:
    case Qt::Key_Equal:
        group.zoom(kZoomPerNotch, center);
        return true;
    case Qt::Key_Minus:
        group.zoom(1 / kZoomPerNotch, center);
        return true;
    case Qt::Key_PageUp:
        group.pan(-group.range().span() / 2);
        return true;
    case Qt::Key_PageDown:
        group.pan(group.range().span() / 2);
        return true;
    case Qt::Key_Home:
    case Qt::Key_0:
        group.showWholeRun();
        return true;
    case Qt::Key_Backspace:
        group.zoomOut();
        return true;
    case Qt::Key_F:
        group.setFollow(group.follow() == Follow::On ? Follow::Off : Follow::On);
        return true;
    default:
        return false;
    }
}

} // namespace dubito::ui::chart
