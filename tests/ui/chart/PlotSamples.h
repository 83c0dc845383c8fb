// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/chart/PlotContent.h"

#include <cmath>
#include <limits>
#include <vector>

namespace dubito::tests {

inline constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
inline constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// Raw points at steps 1, 2, 3 …, one second apart.
inline std::vector<ui::chart::TrackPoint> pointsFrom(const std::vector<double>& values)
{
    metrics::Series series;
    std::int64_t step = 0;
    for (const double value : values) {
        ++step;
        series.latest.push_back({ step, std::chrono::seconds(step), value });
    }
    return ui::chart::toPoints(series, 1);
}

inline ui::chart::Track trackFrom(const std::vector<double>& values, const QString& key = QStringLiteral("a"))
{
    ui::chart::Track track;
    track.key = key;
    track.title = key;
    track.points = pointsFrom(values);
    return track;
}

inline ui::chart::PlotContent contentFrom(std::vector<ui::chart::Track> tracks)
{
    ui::chart::PlotContent content;
    content.key = QStringLiteral("test");
    content.title = QStringLiteral("Test <b>&");
    content.unit = QStringLiteral("MiB");
    content.emptyText = QStringLiteral("nothing yet");
    content.tracks = std::move(tracks);
    return content;
}

} // namespace dubito::tests
