// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/Theme.h"
#include "ui/chart/EventMarks.h"

#include <QPixmap>

class QPainter;

namespace dubito::ui::chart {

/// The colour of a mark in a theme. Shape and colour belong together; neither says anything that the other does not.
QColor colorOf(MarkShape shape, const Theme& theme);

/// Draws a mark of `size` pixels around `center`.
void paintMark(QPainter& painter, MarkShape shape, const QPointF& center, double size, const Theme& theme);

/// The same as a picture, for labels and menus.
QPixmap markPixmap(MarkShape shape, double size, double pixelRatio, const Theme& theme);

} // namespace dubito::ui::chart
