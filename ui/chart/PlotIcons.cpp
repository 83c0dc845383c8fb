// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/chart/PlotIcons.h"

#include <QPainter>
#include <QPixmap>

#include <initializer_list>
#include <utility>

namespace dubito::ui::chart {

namespace {

using Line = std::pair<QPointF, QPointF>;

void paintArrow(QPainter& painter, QPointF tip, QPointF tail)
{
    painter.drawLine(tip, tail);
    painter.drawLine(tip, QPointF(tail.x(), tip.y()));
    painter.drawLine(tip, QPointF(tip.x(), tail.y()));
}

/// On a field of 16 × 16.
void paintIcon(QPainter& painter, PlotIcon icon, const QColor& ink)
{
    switch (icon) {
    case PlotIcon::Table:
        painter.drawRect(QRectF(2.5, 3.5, 11, 9));
        for (const Line& line : { Line { { 2.5, 6.5 }, { 13.5, 6.5 } }, Line { { 2.5, 9.5 }, { 13.5, 9.5 } },
                 Line { { 6.5, 3.5 }, { 6.5, 12.5 } } }) {
            painter.drawLine(line.first, line.second);
        }
        break;
    case PlotIcon::Chart:
        painter.drawPolyline(QPolygonF { { 2.5, 2.5 }, { 2.5, 13.5 }, { 13.5, 13.5 } });
        painter.drawPolyline(QPolygonF { { 4.5, 11 }, { 7, 7 }, { 9.5, 9 }, { 13, 4 } });
        break;
    case PlotIcon::Enlarge:
        paintArrow(painter, { 13, 3 }, { 9, 7 });
        paintArrow(painter, { 3, 13 }, { 7, 9 });
        break;
    case PlotIcon::Restore:
        paintArrow(painter, { 9, 7 }, { 13, 3 });
        paintArrow(painter, { 7, 9 }, { 3, 13 });
        break;
    case PlotIcon::More:
        painter.setBrush(ink);
        painter.setPen(Qt::NoPen);
        for (const double x : { 3.5, 8.0, 12.5 }) {
            painter.drawEllipse(QPointF(x, 8), 1.3, 1.3);
        }
        break;
    }
}

} // namespace

QIcon plotIcon(PlotIcon icon, const QColor& ink)
{
    QIcon result;
    for (const double ratio : { 1.0, 2.0, 3.0 }) {
        QPixmap picture(static_cast<int>(16 * ratio), static_cast<int>(16 * ratio));
        picture.setDevicePixelRatio(ratio);
        picture.fill(Qt::transparent);
        QPainter painter(&picture);
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(QPen(ink, 1.2));
        paintIcon(painter, icon, ink);
        painter.end();
        result.addPixmap(picture);
    }
    return result;
}

} // namespace dubito::ui::chart
