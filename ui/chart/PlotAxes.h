// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/chart/Decimate.h"

#include <QString>

#include <optional>
#include <vector>

namespace dubito::ui::chart {

enum class Scale : std::uint8_t { Linear, Log };

/// The visible part of the y-axis. Always finite, and from < to: a flat line has room above and below.
struct YRange {
    double from = 0;
    double to = 1;

    friend bool operator==(const YRange&, const YRange&) = default;
};

/// What the data asks of the y-axis.
struct Extent {
    double low = 0;
    double high = 0;
    double smallestPositive = 0; ///< where a log axis begins; 0: nothing is positive
};

/// Grows `extent` by the points to be seen; nothing when there is none yet.
void reach(std::optional<Extent>& extent, double low, double high);

/// The extent of a track inside the view, by its Reach.
std::optional<Extent> extentOf(const Track& track, const View& view);

/// A range around the data, padded by 6 %, or by a tenth of the value when it is flat. Never empty, never infinite.
/// With Scale::Log it is positive: it begins at the smallest positive value.
YRange paddedRange(const std::optional<Extent>& extent, Scale scale);

/// Where a value stands on an axis from 0 (bottom) to 1 (top). A log axis is a linear one over logarithms, so that no
/// zero and no infinity ever reaches Qt Charts: what has no logarithm stands at the bottom.
class YAxis {
public:
    YAxis(YRange range, Scale scale);

    double at(double value) const; ///< not clamped above; -0.5 for what a log axis cannot show
    const YRange& range() const { return m_range; }
    Scale scale() const { return m_scale; }

private:
    YRange m_range;
    Scale m_scale;
    double m_from;
    double m_to;
};

struct Tick {
    double value = 0;
    QString text;
};

/// Round values (1, 2, 2.5, 5 × 10^n) inside the range, about `wanted` of them, at most half as many more.
std::vector<Tick> ticks(const YAxis& axis, int wanted);

/// Ticks of the x-axis: whole steps, or round times ("0:20", "1:30:00").
std::vector<Tick> xTicks(XUnit unit, const XRange& range, int wanted);

/// "2,744" or "1:05:00": one x for people.
QString xText(XUnit unit, double x);

/// The end of the x-axis for a newest value: 10 to 20 % more room than needed, in jumps, so that it seldom moves.
double grownEnd(double newest);

} // namespace dubito::ui::chart
