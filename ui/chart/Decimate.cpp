// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/chart/Decimate.h"

#include <algorithm>
#include <cmath>

namespace dubito::ui::chart {

namespace {

/// The points to be seen and one more on each side.
std::span<const TrackPoint> cropped(std::span<const TrackPoint> points, const View& view)
{
    const auto x = [&](const TrackPoint& point) { return point.x(view.unit); };
    auto first = std::ranges::lower_bound(points, view.range.from, {}, x);
    auto last = std::ranges::upper_bound(first, points.end(), view.range.to, {}, x);
    while (first != points.begin()) {
        --first;
        if (first->samples > 0) {
            break;
        }
    }
    while (last != points.end()) {
        if ((last++)->samples > 0) {
            break;
        }
    }
    return { first, last };
}

int columnOf(double x, const View& view)
{
    const double at = (x - view.range.from) / view.range.span() * view.columns;
    return static_cast<int>(std::clamp(std::floor(at), -1.0, static_cast<double>(view.columns)));
}

Column begin(const TrackPoint& point, double x)
{
    return { .firstX = x,
        .lastX = x,
        .low = point.low,
        .high = point.high,
        .lowEdge = point.low,
        .highEdge = point.high,
        .samples = 1 };
}

void add(Column& column, const TrackPoint& point, double x)
{
    column.lastX = x;
    if (point.low < column.low) {
        column.low = point.low;
        column.lowFirst = false;
    }
    if (point.high > column.high) {
        column.high = point.high;
        column.lowFirst = true;
    }
    ++column.samples;
    column.lowEdge += (point.low - column.lowEdge) / static_cast<double>(column.samples);
    column.highEdge += (point.high - column.highEdge) / static_cast<double>(column.samples);
}

double middle(const Column& column) { return (column.firstX + column.lastX) / 2; }

} // namespace

std::vector<Column> toColumns(std::span<const TrackPoint> points, const View& view)
{
    std::vector<Column> columns;
    if (view.columns <= 0 || !(view.range.span() > 0)) {
        return columns;
    }
    columns.reserve(std::min(points.size(), static_cast<std::size_t>(view.columns) + 2));
    int current = -2;
    for (const TrackPoint& point : cropped(points, view)) {
        if (point.samples == 0) {
            continue;
        }
        const double x = point.x(view.unit);
        const int column = columnOf(x, view);
        if (column == current && !columns.empty()) {
            add(columns.back(), point, x);
        } else {
            columns.push_back(begin(point, x));
            current = column;
        }
    }
    return columns;
}

std::vector<QPointF> toLine(std::span<const Column> columns)
{
    std::vector<QPointF> line;
    line.reserve(columns.size() * 2);
    for (const Column& column : columns) {
        if (column.low == column.high) {
            line.emplace_back(middle(column), column.low);
            continue;
        }
        line.emplace_back(column.firstX, column.lowFirst ? column.low : column.high);
        line.emplace_back(column.lastX, column.lowFirst ? column.high : column.low);
    }
    return line;
}

std::vector<QPointF> toBars(std::span<const Column> columns)
{
    std::vector<QPointF> bars;
    bars.reserve(columns.size() * 4);
    for (const Column& column : columns) {
        const double x = middle(column);
        bars.emplace_back(x, 0);
        if (column.high > 0) {
            bars.emplace_back(x, column.high);
        }
        if (column.low < 0) {
            bars.emplace_back(x, column.low);
        }
        bars.emplace_back(x, 0);
    }
    return bars;
}

std::vector<double> nonFiniteAt(std::span<const TrackPoint> points, const View& view)
{
    std::vector<double> marks;
    int current = -2;
    for (const TrackPoint& point : points) {
        const double x = point.x(view.unit);
        if (point.nonFinite == 0 || x < view.range.from || x > view.range.to) {
            continue;
        }
        const int column = columnOf(x, view);
        if (column != current) {
            marks.push_back(x);
            current = column;
        }
    }
    return marks;
}

} // namespace dubito::ui::chart
