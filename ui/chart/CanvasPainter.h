// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/chart/PlotFrame.h"

#include <QFont>
#include <QRectF>

#include <optional>
#include <vector>

class QPainter;

namespace dubito::ui::chart {

/// Paints what stands around the curves: the grid and its numbers before them; limits, marks and labels after them.
/// Lives for one painting.
class CanvasPainter {
public:
    CanvasPainter(QPainter& painter, const QRectF& area, const QFont& unitFont, const Theme& theme);

    void paintGrid(const PlotFrame& frame);
    /// The numbers of the x-axis; with a crosshair its value stands in a dark pill, and the numbers beside it give way.
    void paintXLabels(const PlotFrame& frame, std::optional<double> crosshair);
    void paintLimits(const PlotFrame& frame);
    void paintTexts(const PlotFrame& frame);
    void paintNonFinite(const PlotFrame& frame);
    void paintMarks(const std::vector<Mark>& marks, double laneY);
    void paintEmpty(const QString& text);

private:
    bool isCrossed(const PlotFrame& frame, const QRectF& box) const;
    std::optional<QRectF> freePlace(const PlotFrame& frame, const std::vector<QRectF>& candidates) const;
    void paintWord(const QRectF& box, const QString& word, const QColor& ink);
    QRectF paintPill(double x, const QString& text);
    double xOf(double share) const { return m_area.left() + share * m_area.width(); }
    std::vector<Tick> xTicksOf(const PlotFrame& frame) const;
    double yOf(double share) const { return m_area.bottom() - share * m_area.height(); }

    QPainter& m_painter;
    QRectF m_area;
    QFont m_font;
    const Theme& m_theme;
    std::vector<QRectF> m_words; ///< places of limits and texts: a dozen
};

/// Height of the lane above the plot.
inline constexpr double kLane = 16;
/// Size of a mark in the lane.
inline constexpr double kMarkSize = 9;

} // namespace dubito::ui::chart
