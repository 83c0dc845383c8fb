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

namespace dubito::ui::chart {

struct PlotScene::Drawn {
    QString key;
    CurveKind kind;
    QAbstractSeries* series;
    QXYSeries* points;
    QLineSeries* lower;
    QColor color; // as it was set last: Qt Charts repaints every marker for the same colour again
    QColor ground;
    double width = 0;
};

namespace {

QList<QPointF> toList(const std::vector<QPointF>& points) { return { points.begin(), points.end() }; }

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
        rebuild(curves);
    }
    for (std::size_t i = 0; i < curves.size(); ++i) {
        Drawn& drawn = m_drawn[i];
        if (drawn.color != curves[i].color || drawn.ground != curves[i].ground || drawn.width != curves[i].width) {
            setColors(*drawn.series, curves[i]);
            drawn.color = curves[i].color;
            drawn.ground = curves[i].ground;
            drawn.width = curves[i].width;
        }
        m_drawn[i].points->replace(toList(curves[i].points));
        if (m_drawn[i].lower != nullptr) {
            m_drawn[i].lower->replace(toList(curves[i].lower));
        }
    }
}

void PlotScene::paint(QPainter& painter, const QRectF& target)
{
    painter.setRenderHint(QPainter::Antialiasing);
    m_scene.render(&painter, target, m_scene.sceneRect(), Qt::IgnoreAspectRatio);
}

int PlotScene::seriesCount() const { return static_cast<int>(m_chart->series().size()); }

bool PlotScene::fits(const std::vector<Curve>& curves) const
{
    return std::ranges::equal(m_drawn, curves, [](const Drawn& drawn, const Curve& curve) {
        return drawn.kind == curve.kind && drawn.key == curve.key;
    });
}

void PlotScene::rebuild(const std::vector<Curve>& curves)
{
    for (const Drawn& drawn : m_drawn) {
        m_chart->removeSeries(drawn.series);
        delete drawn.series; // removeSeries() alone would leak it
    }
    m_drawn.clear();
    for (const Curve& curve : curves) {
        m_drawn.push_back(makeSeries(curve));
        takeRoom(m_drawn.back());
    }
}

/// Qt Charts takes memory by the corner. Drawn once at its worst, a series takes all of it now; a window that grows for
/// as long as its curves fill up would look like a leak of the program that hunts leaks.
void PlotScene::takeRoom(const Drawn& drawn)
{
    if (drawn.kind == CurveKind::Dots) {
        return; // an item for each: few, and dear
    }
    const auto points = worstCase(drawn.kind, m_plotArea.width());
    drawn.points->replace(points);
    if (drawn.lower != nullptr) {
        drawn.lower->replace(points);
    }
}

PlotScene::Drawn PlotScene::makeSeries(const Curve& curve)
{
    Drawn drawn { curve.key, curve.kind, nullptr, nullptr, nullptr, {}, {}, 0 };
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
    m_chart->addSeries(drawn.series);
    drawn.series->attachAxis(m_x);
    drawn.series->attachAxis(m_y);
    return drawn;
}

} // namespace dubito::ui::chart
