// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/chart/PlotScene.h"

#include <QAreaSeries>
#include <QChart>
#include <QGraphicsLayout>
#include <QLegend>
#include <QLineSeries>
#include <QPainter>
#include <QPen>
#include <QScatterSeries>
#include <QValueAxis>

#include <algorithm>
#include <utility>

namespace dubito::ui::chart {

struct PlotScene::Drawn {
    QString key;
    CurveKind kind = CurveKind::Line;
    QAbstractSeries* series = nullptr;
    QXYSeries* points = nullptr;
    QLineSeries* lower = nullptr;
    QGraphicsItem* item = nullptr; // of the chart, not ours
    double depth = 0; // of the item, as Qt Charts wants it
    bool hasRoom = false;
    QColor color; // as it was set last: Qt Charts repaints every marker for the same colour again
    QColor ground;
    double width = 0;

    bool isFor(const Curve& curve) const { return kind == curve.kind && key == curve.key; }
};

namespace {

constexpr double kDepthStep = 1.0 / 4096;

QList<QPointF> toList(const std::vector<QPointF>& points) { return { points.begin(), points.end() }; }

/// The same points again would be stroked again.
void replace(QXYSeries& series, const std::vector<QPointF>& points)
{
    const QList<QPointF> before = series.points();
    if (!std::equal(before.begin(), before.end(), points.begin(), points.end())) {
        series.replace(toList(points));
    }
}

QPen penOf(const Curve& curve)
{
    QPen pen(curve.color, curve.width, curve.kind == CurveKind::Dashes ? Qt::CustomDashLine : Qt::SolidLine);
    if (curve.kind == CurveKind::Dashes) {
        pen.setDashPattern({ 4, 3 });
    }
    pen.setJoinStyle(Qt::BevelJoin); // Qt Charts strokes every line for hit tests: round joins there cost more than drawing
    return pen;
}

void setColors(QAbstractSeries& series, const Curve& curve)
{
    if (auto* area = qobject_cast<QAreaSeries*>(&series)) {
        area->setPen(Qt::NoPen);
        area->setBrush(curve.color);
    } else if (auto* dots = qobject_cast<QScatterSeries*>(&series)) {
        dots->setColor(curve.ground);
        dots->setBorderColor(curve.color);
        dots->setPen(QPen(curve.color, curve.width));
        dots->setBrush(curve.ground);
        dots->setMarkerSize(7);
    } else if (auto* line = qobject_cast<QLineSeries*>(&series)) {
        line->setPen(penOf(curve));
    }
}

/// As many corners as a curve of this kind can have in so many pixels, and as sharp.
QList<QPointF> worstCase(CurveKind kind, double pixels)
{
    constexpr double kMostPixels = 4000;
    const bool isFine = kind == CurveKind::Line;
    const auto corners = static_cast<qsizetype>(std::min(pixels, kMostPixels) / (isFine ? 1 : 4));
    QList<QPointF> points;
    for (qsizetype i = 0; i < corners; ++i) {
        points.append({ static_cast<double>(i) / static_cast<double>(corners), i % 2 == 0 ? 0.3 : 0.7 });
    }
    return points;
}

QValueAxis* hiddenAxis(QChart& chart, Qt::Alignment side)
{
    auto* axis = new QValueAxis(&chart);
    axis->setRange(0, 1);
    axis->setVisible(false);
    chart.addAxis(axis, side);
    return axis;
}

} // namespace

PlotScene::PlotScene()
    : m_chart(new QChart)
{
    m_scene.setItemIndexMethod(QGraphicsScene::NoIndex);
    m_scene.addItem(m_chart);
    m_chart->setAnimationOptions(QChart::NoAnimation);
    m_chart->setBackgroundVisible(false);
    m_chart->setPlotAreaBackgroundVisible(false);
    m_chart->setDropShadowEnabled(false);
    m_chart->setMargins({});
    m_chart->layout()->setContentsMargins(0, 0, 0, 0);
    m_chart->legend()->hide();
    m_x = hiddenAxis(*m_chart, Qt::AlignBottom);
    m_y = hiddenAxis(*m_chart, Qt::AlignLeft);
}

PlotScene::~PlotScene() = default;

void PlotScene::setGeometry(const QSizeF& size, const QRectF& plotArea)
{
    if (size == m_size && plotArea == m_plotArea) {
        return; // a new geometry makes Qt Charts compute every series again
    }
    m_size = size;
    m_plotArea = plotArea;
    m_scene.setSceneRect({ {}, size });
    m_chart->resize(size);
    m_chart->setPlotArea(plotArea);
    // Qt Charts would move the items at the next turn of the event loop; the picture is taken now.
    m_chart->layout()->activate();
}

void PlotScene::draw(const std::vector<Curve>& curves)
{
    if (!fits(curves)) {
        fit(curves);
    }
    takeRoom();
    for (std::size_t i = 0; i < curves.size(); ++i) {
        Drawn& drawn = m_drawn[i];
        if (drawn.color != curves[i].color || drawn.ground != curves[i].ground || drawn.width != curves[i].width) {
            setColors(*drawn.series, curves[i]);
            drawn.color = curves[i].color;
            drawn.ground = curves[i].ground;
            drawn.width = curves[i].width;
        }
        replace(*drawn.points, curves[i].points);
        if (drawn.lower != nullptr) {
            replace(*drawn.lower, curves[i].lower);
        }
    }
}

void PlotScene::paint(QPainter& painter, const QRectF& target)
{
    painter.setRenderHint(QPainter::Antialiasing);
    m_scene.render(&painter, target, m_scene.sceneRect(), Qt::IgnoreAspectRatio);
}

int PlotScene::seriesCount() const { return static_cast<int>(m_chart->series().size()); }

const QAbstractSeries* PlotScene::seriesOf(const QString& key) const
{
    const auto drawn = std::ranges::find(m_drawn, key, &Drawn::key);
    return drawn == m_drawn.end() ? nullptr : drawn->series;
}

bool PlotScene::fits(const std::vector<Curve>& curves) const
{
    return std::ranges::equal(m_drawn, curves, [](const Drawn& drawn, const Curve& curve) { return drawn.isFor(curve); });
}

/// Keeps what is drawn already, makes what is new, removes what is gone.
void PlotScene::fit(const std::vector<Curve>& curves)
{
    std::vector<Drawn> before = std::exchange(m_drawn, {});
    for (const Curve& curve : curves) {
        const auto kept = std::ranges::find_if(before, [&](const Drawn& drawn) { return drawn.isFor(curve); });
        if (kept == before.end()) {
            m_drawn.push_back(makeSeries(curve));
        } else {
            m_drawn.push_back(std::move(*kept));
            before.erase(kept);
        }
    }
    for (const Drawn& gone : before) {
        m_chart->removeSeries(gone.series);
        delete gone.series; // removeSeries() alone would leak it
    }
    // Items lie in the order in which they came: the depth says which curve covers which.
    double behind = 0;
    for (const Drawn& drawn : m_drawn) {
        if (drawn.item != nullptr) {
            drawn.item->setZValue(drawn.depth + behind);
        }
        behind += kDepthStep;
    }
}

/// Qt Charts takes memory by the corner. Drawn once at its worst, a series takes all of it now; a window that grows for
/// as long as its curves fill up would look like a leak of the program that hunts leaks. One series in each drawing: all
/// at once would be the longest stall of the window.
void PlotScene::takeRoom()
{
    const auto drawn = std::ranges::find(m_drawn, false, &Drawn::hasRoom);
    if (drawn == m_drawn.end()) {
        return;
    }
    const auto points = worstCase(drawn->kind, m_plotArea.width());
    drawn->points->replace(points);
    if (drawn->lower != nullptr) {
        drawn->lower->replace(points);
    }
    drawn->hasRoom = true;
}

/// The item that Qt Charts makes for the series; null when it makes none.
QGraphicsItem* PlotScene::addToChart(QAbstractSeries* series)
{
    const QList<QGraphicsItem*> before = m_chart->childItems();
    m_chart->addSeries(series);
    for (QGraphicsItem* item : m_chart->childItems()) {
        if (!before.contains(item)) {
            return item;
        }
    }
    return nullptr;
}

PlotScene::Drawn PlotScene::makeSeries(const Curve& curve)
{
    Drawn drawn;
    drawn.key = curve.key;
    drawn.kind = curve.kind;
    drawn.hasRoom = curve.kind == CurveKind::Dots; // an item for each: few, and dear
    if (curve.kind == CurveKind::Area) {
        auto* upper = new QLineSeries;
        auto* lower = new QLineSeries;
        auto* area = new QAreaSeries(upper, lower);
        upper->setParent(area);
        lower->setParent(area);
        drawn.series = area;
        drawn.points = upper;
        drawn.lower = lower;
    } else if (curve.kind == CurveKind::Dots) {
        drawn.series = drawn.points = new QScatterSeries;
    } else {
        drawn.series = drawn.points = new QLineSeries;
    }
    drawn.series->setUseOpenGL(false);
    drawn.item = addToChart(drawn.series);
    drawn.depth = drawn.item != nullptr ? drawn.item->zValue() : 0;
    drawn.series->attachAxis(m_x);
    drawn.series->attachAxis(m_y);
    return drawn;
}

} // namespace dubito::ui::chart
