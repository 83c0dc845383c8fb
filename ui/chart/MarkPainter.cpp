// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/chart/MarkPainter.h"

#include <QPainter>
#include <QPainterPath>

#include <cmath>

namespace dubito::ui::chart {

namespace {

QPolygonF corners(std::initializer_list<QPointF> unit, const QPointF& center, double half)
{
    QPolygonF polygon;
    for (const QPointF& point : unit) {
        polygon << center + point * half;
    }
    return polygon;
}

void paintCross(QPainter& painter, const QPointF& center, double half, const QColor& ink)
{
    painter.setPen(QPen(ink, std::max(1.2, half * 0.35), Qt::SolidLine, Qt::FlatCap));
    const QPointF a(half * 0.5, half * 0.5);
    const QPointF b(half * 0.5, -half * 0.5);
    painter.drawLine(center - a, center + a);
    painter.drawLine(center - b, center + b);
}

void paintBars(QPainter& painter, const QPointF& center, double half)
{
    const QSizeF bar(half * 0.6, half * 2);
    painter.drawRect(QRectF(center + QPointF(-half * 0.8, -half), bar));
    painter.drawRect(QRectF(center + QPointF(half * 0.2, -half), bar));
}

} // namespace

QColor colorOf(MarkShape shape, const Theme& theme)
{
    switch (shape) {
    case MarkShape::Diamond:
        return theme.accent;
    case MarkShape::Triangle:
        return theme.warn;
    case MarkShape::Square:
        return theme.failed;
    case MarkShape::Bars:
    case MarkShape::HollowTriangle:
    case MarkShape::Play:
    case MarkShape::Circle:
        break;
    }
    return theme.quiet;
}

void paintMark(QPainter& painter, MarkShape shape, const QPointF& center, double size, const Theme& theme)
{
    const double half = size / 2;
    const QColor color = colorOf(shape, theme);
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(color);
    switch (shape) {
    case MarkShape::Diamond:
        painter.drawPolygon(corners({ { 0, -1 }, { 1, 0 }, { 0, 1 }, { -1, 0 } }, center, half));
        break;
    case MarkShape::Bars:
        paintBars(painter, center, half);
        break;
    case MarkShape::HollowTriangle:
        painter.setPen(QPen(color, 1.1));
        painter.setBrush(theme.surface);
        painter.drawPolygon(corners({ { -0.8, -0.6 }, { 0.8, -0.6 }, { 0, 0.6 } }, center, half));
        break;
    case MarkShape::Triangle:
        painter.drawPolygon(corners({ { 0, -0.95 }, { 1, 0.85 }, { -1, 0.85 } }, center, half));
        break;
    case MarkShape::Square:
        painter.drawRect(QRectF(center - QPointF(half, half), QSizeF(size, size)));
        paintCross(painter, center, half, theme.surface);
        break;
    case MarkShape::Play:
        painter.drawPolygon(corners({ { -0.7, -0.95 }, { 0.9, 0 }, { -0.7, 0.95 } }, center, half));
        break;
    case MarkShape::Circle:
        painter.setPen(QPen(color, 1.4));
        painter.setBrush(theme.surface);
        painter.drawEllipse(center, half * 0.8, half * 0.8);
        break;
    }
    painter.restore();
}

QPixmap markPixmap(MarkShape shape, double size, double pixelRatio, const Theme& theme)
{
    const int side = static_cast<int>(std::ceil((size + 2) * pixelRatio));
    QPixmap picture(side, side);
    picture.setDevicePixelRatio(pixelRatio);
    picture.fill(Qt::transparent);
    QPainter painter(&picture);
    paintMark(painter, shape, { (size + 2) / 2, (size + 2) / 2 }, size, theme);
    return picture;
}

} // namespace dubito::ui::chart
