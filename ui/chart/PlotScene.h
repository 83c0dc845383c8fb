// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QGraphicsScene>
#include <QPointF>
#include <QRectF>
#include <QString>

#include <cstdint>
#include <vector>

class QPainter;

QT_BEGIN_NAMESPACE
class QAbstractSeries;
class QChart;
class QGraphicsItem;
class QLineSeries;
class QValueAxis;
QT_END_NAMESPACE

namespace dubito::ui::chart {

enum class CurveKind : std::uint8_t { Line, Dashes, Area, Dots };

/// One drawn thing, in shares of the plot area (0 … 1 on both axes; finite, bounded).
struct Curve {
    QString key;
    CurveKind kind = CurveKind::Line;
    std::vector<QPointF> points; ///< upper edge of an area
    std::vector<QPointF> lower; ///< lower edge of an area
    QColor color; ///< pen, or fill of an area
    QColor ground; ///< inside of hollow dots
    double width = 1.5;
};

/// Where curves become Qt Charts series. The only unit that speaks Qt Charts.
///
/// Both axes run from 0 to 1 for ever: no range that could be empty, no axis that a zero or an infinity could break.
/// One replace() per series whose points have changed. A series lives as long as its curve: another that comes or goes
/// touches only itself, for a new series is dear. No animation, no OpenGL, no legend of theirs. Main thread only.
class PlotScene {
public:
    PlotScene();
    ~PlotScene();
    PlotScene(const PlotScene&) = delete;
    PlotScene& operator=(const PlotScene&) = delete;

    void setGeometry(const QSizeF& size, const QRectF& plotArea);
    void draw(const std::vector<Curve>& curves);
    void paint(QPainter& painter, const QRectF& target);

    int seriesCount() const;

    /// What draws the curve of this key; null when nothing does. Only good to be compared.
    const QAbstractSeries* seriesOf(const QString& key) const;

private:
    struct Drawn;

    bool fits(const std::vector<Curve>& curves) const;
    void fit(const std::vector<Curve>& curves);
    Drawn makeSeries(const Curve& curve);
    QGraphicsItem* addToChart(QAbstractSeries* series);
    void takeRoom();

    QGraphicsScene m_scene; // owns the chart
    QChart* m_chart;
    QValueAxis* m_x;
    QValueAxis* m_y;
    std::vector<Drawn> m_drawn;
    QSizeF m_size;
    QRectF m_plotArea;
};

} // namespace dubito::ui::chart
