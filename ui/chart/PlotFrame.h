// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/Theme.h"
#include "ui/chart/PlotContent.h"
#include "ui/chart/PlotScene.h"

#include <QSet>

#include <optional>

namespace dubito::ui::chart {

/// What the user chose for one plot.
struct PlotChoices {
    QSet<QString> off; ///< keys of the tracks that are switched off
    Scale scale = Scale::Linear;
    std::optional<YRange> limits; ///< of the y-axis, when set by hand
    double smoothing = 0.93;
};

/// A limit as it is drawn.
struct LimitLine {
    double y = 0; ///< 0 bottom … 1 top
    QString text;
    QColor line;
    QColor ink;
    bool leftText = false;
};

/// A word inside the plot, right-aligned at a point: "forecast".
struct FrameText {
    double x = 0;
    double y = 0;
    QString text;
};

/// One plot, ready to be painted: in shares of the plot area, so that nothing in it depends on pixels or on numbers
/// that a painter could not hold.
struct PlotFrame {
    View view;
    YAxis axis { YRange {}, Scale::Linear };
    std::vector<Curve> curves;
    std::vector<LimitLine> limits;
    std::vector<FrameText> texts;
    std::vector<double> nonFinite; ///< x shares where a value was NaN or infinite
    QString note; ///< title line: limits beyond the view, an axis that does not begin at 0, points not drawn
    bool isEmpty = true;
};

/// The colour of a tone in a theme.
QColor colorOf(Ink ink, const Theme& theme);

/// Fill of areas: the colour over the surface, by share, opaque enough for print.
QColor fillOf(const Track& track, const Theme& theme);

/// Makes the frame. Pure; a fresh call for every change of data, range, choice, theme or width.
PlotFrame compose(const PlotContent& content, const View& view, const PlotChoices& choices, const Theme& theme);

/// The places of the tracks in the order in which the legend reads them.
std::vector<std::size_t> legendOrder(const std::vector<Track>& tracks);

} // namespace dubito::ui::chart
