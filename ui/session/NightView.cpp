// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/session/NightView.h"

#include "backend/base/Text.h"
#include "ui/Format.h"
#include "ui/Look.h"
#include "ui/Symbol.h"
#include "ui/Theme.h"
#include "ui/chart/PlotAxes.h"

#include <QApplication>
#include <QPainter>
#include <QPainterPath>

#include <algorithm>
#include <cmath>

namespace dubito::ui {

using session::EventKind;

namespace {

QFont unitFont() { return typeFont(QApplication::font(), TypeSize::Unit); }
double lineHeight() { return QFontMetricsF(unitFont()).height(); }

double secondsOf(std::chrono::milliseconds time) { return std::chrono::duration<double>(time).count(); }

/// A round length of time for about six numbers, in seconds.
double stepFor(double span)
{
    for (const double step : { 1.0, 2.0, 5.0, 10.0, 30.0, 60.0, 120.0, 300.0, 600.0, 1800.0, 3600.0, 7200.0, 14400.0, 43200.0, 86400.0 }) {
        if (span / step <= 8) {
            return step;
        }
    }
    return std::ceil(span / 8 / 86400) * 86400;
}

} // namespace

NightView::NightView(QWidget* parent) : QWidget(parent)
{
    setObjectName(QStringLiteral("nightView"));
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

std::vector<NightView::Point> NightView::pointsOf(const session::Snapshot& snapshot, dubito::metrics::Metric metric)
{
    std::vector<Point> points;
    const auto series = std::ranges::find(snapshot.series, metric, &dubito::metrics::Series::metric);
    if (series == snapshot.series.end()) {
        return points;
    }
    const std::int64_t raw = series->latest.empty() ? INT64_MAX : series->latest.front().step;
    const auto add = [&](double seconds, double mib) {
        if (std::isfinite(mib) && std::isfinite(seconds)) {
            points.push_back({ seconds, std::clamp(mib / 1024, 0.0, 1e9) });
        }
    };
    for (const auto& bucket : series->buckets) {
        if (bucket.samples > 0 && bucket.lastStep < raw) {
            add(secondsOf(bucket.lastTime), bucket.minimum); // what was least free is what mattered
        }
    }
    for (const auto& sample : series->latest) {
        add(secondsOf(sample.time), sample.value);
    }
    return points;
}

void NightView::setRun(const session::Snapshot& snapshot)
{
    m_free = pointsOf(snapshot, dubito::metrics::Metric::Available);
    m_resident = pointsOf(snapshot, dubito::metrics::Metric::Resident);
    m_pauseBelow = toMiB(std::max<std::int64_t>(0, snapshot.memory.limits.pauseAvailable)) / 1024;
    m_marks.clear();
    m_began.reset();
    m_end = m_free.empty() ? 1 : m_free.back().seconds;
    for (const auto& event : snapshot.events) {
        const bool isMark = event.kind == EventKind::Pause || event.kind == EventKind::Reload || event.kind == EventKind::Fail || event.kind == EventKind::GiveUp;
        if (event.wall.time_since_epoch().count() > 0) {
            m_began = event.wall - event.time;
        }
        if (isMark) {
            m_marks.push_back({ secondsOf(event.time), 0, event.kind, format::timeOfDay(event.wall) + QLatin1Char(' ') + lookOf(event.kind).word, event.step });
        } else if (event.kind == EventKind::Resume && !m_marks.empty() && m_marks.back().kind == EventKind::Pause) {
            m_marks.back().length = std::max(0.0, secondsOf(event.time) - m_marks.back().seconds);
        }
        m_end = std::max(m_end, secondsOf(event.time));
    }
    if (snapshot.postMortem) {
        m_marks.push_back({ m_end, 0, EventKind::Fail, tr("%1 ended").arg(format::timeOfDay(snapshot.postMortem->lastSeen)), snapshot.postMortem->step });
    }
    m_steps = std::max<std::int64_t>(0, snapshot.run.step);
    m_end = std::isfinite(m_end) ? std::max(1.0, m_end) : 1.0;
    const bool isLong = stepFor(m_end) >= 60; // a mark is as exact as the axis below
    for (Mark& mark : m_marks) {
        if (isLong) {
            mark.text.remove(QStringLiteral("hh:mm").size(), QStringLiteral(":ss").size());
        }
    }
    setAccessibleName(tr("The night: free memory of the machine and Dubito's, %1 marks").arg(m_marks.size()));
    QWidget::update();
}

QSize NightView::sizeHint() const { return { 760, static_cast<int>(lineHeight() * 9.5) }; }

QRectF NightView::area() const
{
    const double left = QFontMetricsF(unitFont()).horizontalAdvance(QStringLiteral("0000")) + 6;
    return QRectF(rect()).adjusted(left, lineHeight() * 1.5, -8, -lineHeight() * 3);
}

double NightView::xOf(double seconds) const
{
    const QRectF box = area();
    return box.left() + std::clamp(seconds / (m_end * 1.04), 0.0, 1.0) * box.width();
}

void NightView::paintAxes(QPainter& painter, double most) const
{
    const Theme& theme = themeOf(palette());
    const QRectF box = area();
    for (const auto& tick : chart::ticks(chart::YAxis({ 0, most }, chart::Scale::Linear), 2)) {
        const double y = std::floor(box.bottom() - box.height() * tick.value / most) + 0.5;
        painter.setPen(QPen(tick.value == 0 ? theme.strongBorder : theme.grid, 1));
        painter.drawLine(QPointF(box.left(), y), QPointF(box.right(), y));
        painter.setPen(theme.text3);
        painter.drawText(QRectF(0, y - lineHeight() / 2, box.left() - 6, lineHeight()), Qt::AlignRight | Qt::AlignVCenter, tick.text);
    }
    const double step = stepFor(m_end);
    for (double seconds = step; seconds < m_end; seconds += step) {
        const double x = std::floor(xOf(seconds)) + 0.5;
        painter.setPen(QPen(theme.grid, 1));
        painter.drawLine(QPointF(x, box.top()), QPointF(x, box.bottom()));
        painter.setPen(theme.text3);
        const auto length = std::chrono::milliseconds(std::llround(seconds * 1000));
        const QString text = m_began ? format::timeOfDay(*m_began + length).left(step < 60 ? 8 : 5) : format::duration(length);
        painter.drawText(QRectF(x - 50, box.bottom() + 2, 100, lineHeight()), Qt::AlignHCenter, text);
    }
}

void NightView::paintCurves(QPainter& painter, double most) const
{
    const Theme& theme = themeOf(palette());
    const QRectF box = area();
    const auto toPath = [&](const std::vector<Point>& points) {
        QPainterPath path;
        for (std::size_t i = 0; i < points.size(); ++i) {
            const QPointF point(xOf(points[i].seconds), box.bottom() - std::min(points[i].gib / most, 1.0) * box.height());
            i == 0 ? path.moveTo(point) : path.lineTo(point);
        }
        return path;
    };
    painter.setRenderHint(QPainter::Antialiasing);
    QPainterPath free = toPath(m_free);
    painter.setBrush(Qt::NoBrush);
    if (!theme.isHighContrast()) {
        QPainterPath ground = free;
        ground.lineTo(xOf(m_free.back().seconds), box.bottom());
        ground.lineTo(xOf(m_free.front().seconds), box.bottom());
        painter.fillPath(ground, theme.accentSoft);
    }
    painter.setPen(QPen(theme.accent, 2));
    painter.drawPath(free);
    painter.setPen(QPen(theme.series[1], 1.5));
    painter.drawPath(toPath(m_resident));
    if (m_pauseBelow > 0 && m_pauseBelow < most) {
        const double y = box.bottom() - m_pauseBelow / most * box.height();
        painter.setPen(QPen(theme.warn, 1.2, Qt::DashLine));
        painter.drawLine(QPointF(box.left(), y), QPointF(box.right(), y));
        const QString text = tr("pause below %1").arg(format::decimal(m_pauseBelow, 1));
        const QRectF label(box.left() + 4, y - lineHeight() - 1, QFontMetricsF(painter.font()).horizontalAdvance(text) + 4, lineHeight());
        painter.fillRect(label, theme.surface);
        painter.setPen(theme.warnText);
        painter.drawText(label, Qt::AlignCenter, text);
    }
}

/// The words of the marks stand above the plot, right-aligned at their marks. Where two meet the later one wins; where
/// only the sign of an earlier one is in the way, the time of day is left out.
void NightView::paintMarks(QPainter& painter) const
{
    const Theme& theme = themeOf(palette());
    const QRectF box = area();
    const double side = lineHeight() * 0.75;
    const auto isFree = [&](double from, double to) {
        return from >= 0 && std::ranges::none_of(m_marks, [&](const Mark& other) {
            const double x = xOf(other.seconds);
            return x + side / 2 > from && x - side / 2 < to;
        });
    };
    double free = width();
    for (auto mark = m_marks.rbegin(); mark != m_marks.rend(); ++mark) {
        const Look look = lookOf(mark->kind);
        const double x = xOf(mark->seconds);
        painter.setPen(QPen(inkOf(look.tone, theme), 1));
        painter.drawLine(QPointF(x, box.top() - 2), QPointF(x, box.bottom()));
        paintSymbol(painter, QRectF(x - side / 2, box.top() - side - 4, side, side), look.symbol, inkOf(look.tone, theme), theme.surface);
        const double right = x - side / 2 - 4;
        const auto wide = [&](const QString& text) { return QFontMetricsF(painter.font()).horizontalAdvance(text) + 4; };
        const QString whole = mark->text;
        const QString word = whole.mid(whole.indexOf(QLatin1Char(' ')) + 1);
        const QString text = isFree(right - wide(whole), right) ? whole : word;
        const double left = right - wide(text);
        if (x > free || !isFree(left, right)) {
            continue;
        }
        painter.setPen(look.tone == Tone::Failed ? theme.failedText : theme.text2);
        painter.drawText(QRectF(left, box.top() - lineHeight() - 3, right - left, lineHeight()), Qt::AlignRight | Qt::AlignVCenter, text);
        free = left - 6;
    }
}

/// When it trained, and when it stood.
void NightView::paintBar(QPainter& painter) const
{
    const Theme& theme = themeOf(palette());
    const QRectF box = area();
    const QRectF whole(box.left(), box.bottom() + lineHeight() * 1.4, xOf(m_end) - box.left(), lineHeight() * 1.2);
    painter.setRenderHint(QPainter::Antialiasing, false);
    painter.setPen(QPen(theme.accent, 1));
    painter.setBrush(theme.accentSoft);
    painter.drawRect(whole);
    double from = whole.left();
    std::int64_t done = 0;
    for (const Mark& mark : m_marks) {
        if (mark.length > 0) {
            paintTrained(painter, QRectF(QPointF(from, whole.top()), QPointF(xOf(mark.seconds), whole.bottom())), mark.step - done);
            from = xOf(mark.seconds + mark.length);
            done = mark.step;
            const QRectF stood(xOf(mark.seconds), whole.top(), std::max(3.0, xOf(mark.seconds + mark.length) - xOf(mark.seconds)), whole.height());
            painter.fillRect(stood, theme.surface);
            painter.setPen(QPen(theme.strongBorder, 1));
            painter.setBrush(QBrush(theme.strongBorder, Qt::BDiagPattern));
            painter.drawRect(stood);
        }
    }
    paintTrained(painter, QRectF(QPointF(from, whole.top()), whole.bottomRight()), m_steps - done);
}

/// How much was done between two pauses, in as many words as have room.
void NightView::paintTrained(QPainter& painter, const QRectF& box, std::int64_t steps) const
{
    const QString count = format::count(std::max<std::int64_t>(0, steps));
    painter.setPen(themeOf(palette()).text1);
    for (const QString& text : { tr("trained %1 steps").arg(count), tr("%1 steps").arg(count), count }) {
        if (QFontMetricsF(painter.font()).horizontalAdvance(text) + 8 < box.width()) {
            painter.drawText(box, Qt::AlignCenter, text);
            return;
        }
    }
}

void NightView::paintEvent(QPaintEvent*)
{
    if (isEmpty()) {
        return;
    }
    double most = m_pauseBelow;
    for (const auto* points : { &m_free, &m_resident }) {
        for (const Point& point : *points) {
            most = std::max(most, point.gib);
        }
    }
    most = most > 0 ? most * 1.1 : 1;
    QPainter painter(this);
    painter.setFont(unitFont());
    paintAxes(painter, most);
    paintCurves(painter, most);
    paintMarks(painter);
    paintBar(painter);
}

} // namespace dubito::ui
