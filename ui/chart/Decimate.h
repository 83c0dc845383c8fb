// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/chart/Track.h"

#include <QPointF>

#include <span>
#include <vector>

namespace dubito::ui::chart {

/// The visible part of the x-axis, in the unit of the axis. Requires: from < to.
struct XRange {
    double from = 0;
    double to = 1;

    double span() const { return to - from; }

    friend bool operator==(const XRange&, const XRange&) = default;
};

/// What is asked of a track: the part to be seen, and how many pixel columns there are for it.
struct View {
    XUnit unit = XUnit::Step;
    XRange range;
    int columns = 600;
};

/// One pixel column of a track: everything that falls into it.
struct Column {
    double firstX = 0;
    double lastX = 0;
    double low = 0;
    double high = 0;
    double lowEdge = 0; ///< mean of the lows: the lower edge of a layer
    double highEdge = 0; ///< mean of the highs
    bool lowFirst = true; ///< the lowest value came before the highest
    std::int64_t samples = 0;
};

/// A track as many columns wide as the screen: everything outside is cropped (but for one point on each side, so that
/// lines run to the edge), every extreme is kept. Pure; points without a value are left out (see nonFiniteAt).
std::vector<Column> toColumns(std::span<const TrackPoint> points, const View& view);

/// A line through columns: at most two points each, in the order in which they came. Peaks survive.
std::vector<QPointF> toLine(std::span<const Column> columns);

/// Ticks from zero to the extremes of each column, as one line without a break.
std::vector<QPointF> toBars(std::span<const Column> columns);

/// Where values were not finite: one x per pixel column.
std::vector<double> nonFiniteAt(std::span<const TrackPoint> points, const View& view);

} // namespace dubito::ui::chart
