// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/session/Snapshot.h"

#include <QString>

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace dubito::ui::chart {

/// Which number runs along the bottom of a plot.
enum class XUnit : std::uint8_t { Step, Time };

/// What a colour means; Plot asks the theme what it looks like today.
enum class Ink : std::uint8_t { C1, C2, C3, C4, C5, C6, G1, G2, G3, Raw, Bars, Warn, Act, Limit };

/// One moment of one number: a raw sample, or some neighbouring ones folded (then low < high).
/// A band or a layer of a stack uses low and high as its edges, and mean as the number to read.
struct TrackPoint {
    std::int64_t step = 0;
    double seconds = 0; ///< since the run began
    double low = 0;
    double high = 0;
    double mean = 0;
    std::int64_t samples = 1; ///< finite ones; with none, low, high and mean say nothing
    std::int64_t nonFinite = 0; ///< NaN or infinite ones

    double x(XUnit unit) const { return unit == XUnit::Step ? static_cast<double>(step) : seconds; }

    friend bool operator==(const TrackPoint&, const TrackPoint&) = default;
};

enum class Shape : std::uint8_t {
    Line, ///< lowest and highest of each pixel column
    SmoothLine, ///< smoothed, with the raw line faint behind when `raw` asks for it
    Bars, ///< ticks from zero, for what is faint on purpose
    Band, ///< filled between low and high, no edge
    Layer, ///< filled between low and high, the upper edge drawn: one layer of a stack
    Dots, ///< hollow dots joined by a thin line
    Forecast, ///< dashed between its first and its last point
};

enum class RawLine : std::uint8_t { Hidden, Faint };

/// Which part of a track the y-axis must reach.
enum class Reach : std::uint8_t { All, Most, Nothing }; // Most: all but the outer 2 % on either side

enum class Switch : std::uint8_t { On, Off };

/// One number over the whole run, and how it likes to be drawn. A plain value: panels make it from a snapshot.
struct Track {
    QString key; ///< stable name, for switches, tables and tests
    QString title;
    Ink ink = Ink::C1;
    Shape shape = Shape::Line;
    double width = 1.5;
    RawLine raw = RawLine::Hidden;
    Reach reach = Reach::All;
    Switch atFirst = Switch::On;
    int decimals = 2; ///< of the readout
    bool inLegend = true;
    int rank = 0; ///< place in the legend, lowest first; equals keep the order of drawing
    bool readsRange = false; ///< the readout is "low … high" instead of the mean
    bool marksNonFinite = true; ///< false where not finite means "not known": a gap in the line, a dash in the readout
    std::vector<TrackPoint> points; ///< steps rising
};

/// Buckets and latest samples of a series as one track: raw where raw is known, folded before that.
/// Every value is multiplied by `scale`.
std::vector<TrackPoint> toPoints(const metrics::Series& series, double scale);

/// The series of `metric`, or null when the snapshot has none.
const metrics::Series* find(std::span<const metrics::Series> all, metrics::Metric metric);

/// toPoints() of the series of `metric`; empty when there is none.
std::vector<TrackPoint> pointsOf(std::span<const metrics::Series> all, metrics::Metric metric, double scale);

/// The area between two tracks: low from `lower`, high from `upper`; without a value where one of them has none.
std::vector<TrackPoint> between(std::span<const TrackPoint> lower, std::span<const TrackPoint> upper);

/// Puts each layer on the sum of those before it. A step that a layer does not know takes its last known value.
void stackUp(std::span<std::vector<TrackPoint>> layers);

/// An exponential mean without the lag of a cold start: the first value counts whole.
/// `factor` 0 … 1: the share of the past that one sample leaves; folded points count as often as they have samples.
std::vector<TrackPoint> smoothed(std::span<const TrackPoint> points, double factor);

/// The point nearest to `x`, when it lies within half the distance to its neighbours or between the ends.
std::optional<TrackPoint> pointAt(std::span<const TrackPoint> points, XUnit unit, double x);

/// The newest point with a value.
std::optional<TrackPoint> newest(std::span<const TrackPoint> points);

} // namespace dubito::ui::chart
