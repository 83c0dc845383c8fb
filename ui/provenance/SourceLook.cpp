// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/provenance/SourceLook.h"

#include "backend/session/Snapshot.h"
#include "ui/Format.h"

#include <QPainter>
#include <QPolygonF>

#include <array>
#include <cmath>
#include <numbers>

namespace dubito::ui {

namespace {

constexpr int kGrey = 10; ///< added to the place of a grey

struct Row {
    Marker marker;
    int ink; ///< series, or kGrey + grey
};

/// In the order of metrics::kSourceWords.
constexpr std::array<Row, dubito::metrics::kSourceWords.size()> kRows { {
    { Marker::Circle, kGrey + 0 }, // patent
    { Marker::Circle, 0 }, // lab notebook
    { Marker::Diamond, 3 }, // measurement
    { Marker::Square, 2 }, // archive
    { Marker::Triangle, 1 }, // oral history
    { Marker::Star, 4 }, // correspondence
    { Marker::Square, kGrey + 1 }, // academic paper
    { Marker::Diamond, kGrey + 1 }, // textbook
    { Marker::Triangle, kGrey + 0 }, // news
    { Marker::Star, kGrey + 1 }, // wiki
    { Marker::Pentagon, 5 }, // government
    { Marker::Pentagon, kGrey + 1 }, // blog
    { Marker::Circle, kGrey + 1 }, // other
} };

/// Points on a circle, every other one nearer to the middle where `inner` is below 1.
QPolygonF ring(const QPointF& center, double radius, int corners, double inner)
{
    QPolygonF polygon;
    const int steps = inner < 1 ? corners * 2 : corners;
    for (int i = 0; i < steps; ++i) {
        const double angle = 2 * std::numbers::pi * i / steps - std::numbers::pi / 2;
        const double r = inner < 1 && i % 2 == 1 ? radius * inner : radius;
        polygon << center + QPointF(std::cos(angle) * r, std::sin(angle) * r);
    }
    return polygon;
}

} // namespace

SourceLook sourceLook(std::size_t place, const Theme& theme)
{
    const std::size_t known = std::min(place, kRows.size() - 1);
    const Row& row = kRows[known];
    const QColor color = row.ink >= kGrey ? theme.greys[static_cast<std::size_t>(row.ink - kGrey)] : theme.series[static_cast<std::size_t>(row.ink)];
    return { row.marker, color, sourceWord(std::string(dubito::metrics::kSourceWords[known])) };
}

QString sourceWord(const std::string& sourceClass)
{
    constexpr qsizetype kLongest = 60;
    return format::text(sourceClass).left(kLongest).replace(QLatin1Char('_'), QLatin1Char(' '));
}

void paintMarker(QPainter& painter, Marker marker, const QPointF& center, double size, const QColor& color)
{
    QColor fill = color;
    fill.setAlphaF(0.5F);
    painter.setPen(QPen(color, 1));
    painter.setBrush(fill);
    const double radius = size / 2;
    switch (marker) {
    case Marker::Circle:
        painter.drawEllipse(center, radius, radius);
        break;
    case Marker::Square:
        painter.drawRect(QRectF(center.x() - radius * 0.9, center.y() - radius * 0.9, radius * 1.8, radius * 1.8));
        break;
    case Marker::Triangle:
        painter.drawPolygon(ring(center, radius * 1.15, 3, 1));
        break;
    case Marker::Diamond:
        painter.drawPolygon(ring(center, radius * 1.15, 4, 1));
        break;
    case Marker::Star:
        painter.drawPolygon(ring(center, radius * 1.25, 5, 0.45));
        break;
    case Marker::Pentagon:
        painter.drawPolygon(ring(center, radius * 1.1, 5, 1));
        break;
    }
}

} // namespace dubito::ui
