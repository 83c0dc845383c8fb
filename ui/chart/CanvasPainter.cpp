// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/chart/CanvasPainter.h"

#include "ui/chart/MarkPainter.h"

#include <QCoreApplication>
#include <QFontMetricsF>
#include <QPainter>

#include <algorithm>
#include <cmath>

namespace dubito::ui::chart {

namespace {

constexpr double kTickGap = 6; // between a number and the plot

/// Crisp one-pixel lines stand on half pixels.
double crisp(double pixel) { return std::floor(pixel) + 0.5; }

QString tr(const char* text) { return QCoreApplication::translate("CanvasPainter", text); }

} // namespace

CanvasPainter::CanvasPainter(QPainter& painter, const QRectF& area, const QFont& unitFont, const Theme& theme)
    : m_painter(painter)
    , m_area(area)
    , m_font(unitFont)
    , m_theme(theme)
{
    m_painter.setFont(m_font);
}

std::vector<Tick> CanvasPainter::xTicksOf(const PlotFrame& frame) const
{
    const double columnWidth = std::max(QFontMetricsF(m_font).horizontalAdvance(QStringLiteral("00,000")) * 2, 72.0);
    return xTicks(frame.view.unit, frame.view.range, static_cast<int>(m_area.width() / columnWidth));
}

void CanvasPainter::paintGrid(const PlotFrame& frame)
{
    const QFontMetricsF metrics(m_font);
    m_painter.setRenderHint(QPainter::Antialiasing, false);
    const double rowHeight = std::max(metrics.height() * 2.2, std::clamp(m_area.height() / 5, 30.0, 64.0));
    for (const Tick& tick : ticks(frame.axis, static_cast<int>(m_area.height() / rowHeight))) {
        const double y = crisp(yOf(frame.axis.at(tick.value)));
        m_painter.setPen(QPen(m_theme.grid, 1));
        m_painter.drawLine(QPointF(m_area.left(), y), QPointF(m_area.right(), y));
        m_painter.setPen(m_theme.text3);
        m_painter.drawText(QRectF(0, y - metrics.height() / 2, m_area.left() - kTickGap, metrics.height()),
            Qt::AlignRight | Qt::AlignVCenter, tick.text);
    }
    const XRange& range = frame.view.range;
    m_painter.setPen(QPen(m_theme.grid, 1));
    for (const Tick& tick : xTicksOf(frame)) {
        const double x = crisp(xOf((tick.value - range.from) / range.span()));
        m_painter.drawLine(QPointF(x, m_area.top()), QPointF(x, m_area.bottom()));
    }
    m_painter.setPen(QPen(m_theme.strongBorder, 1));
    const double base = crisp(m_area.bottom());
    m_painter.drawLine(QPointF(m_area.left(), base), QPointF(m_area.right(), base));
}

void CanvasPainter::paintXLabels(const PlotFrame& frame, std::optional<double> crosshair)
{
    const QFontMetricsF metrics(m_font);
    const XRange& range = frame.view.range;
    std::vector<QRectF> taken;
    if (crosshair) {
        taken.push_back(paintPill(xOf((*crosshair - range.from) / range.span()), xText(frame.view.unit, *crosshair)));
    }
    m_painter.setFont(m_font);
    m_painter.setPen(m_theme.text3);
    const auto paintLabel = [&](double left, const QString& text) {
        const QRectF box(left, m_area.bottom() + 4, metrics.horizontalAdvance(text) + 2, metrics.height());
        const QRectF room = box.adjusted(-6, 0, 6, 0);
        if (std::ranges::none_of(taken, [&](const QRectF& other) { return other.intersects(room); })) {
            m_painter.drawText(box, Qt::AlignLeft, text);
            taken.push_back(box);
        }
    };
    paintLabel(2, frame.view.unit == XUnit::Step ? tr("step") : tr("time"));
    for (const Tick& tick : xTicksOf(frame)) {
        const double width = metrics.horizontalAdvance(tick.text);
        const double x = xOf((tick.value - range.from) / range.span());
        paintLabel(std::min(x - width / 2, m_area.right() + 8 - width), tick.text);
    }
}

/// True where a line of the frame runs through the box. Areas, and the dense bars, may lie behind a word.
bool CanvasPainter::isCrossed(const PlotFrame& frame, const QRectF& box) const
{
    const auto crosses = [&](const QPointF& a, const QPointF& b) {
        if (std::max(a.x(), b.x()) < box.left() || std::min(a.x(), b.x()) > box.right()) {
            return false;
        }
        const auto heightAt = [&](double x) { return b.x() == a.x() ? b.y() : a.y() + (b.y() - a.y()) * (x - a.x()) / (b.x() - a.x()); };
        const double first = heightAt(std::clamp(box.left(), std::min(a.x(), b.x()), std::max(a.x(), b.x())));
        const double last = heightAt(std::clamp(box.right(), std::min(a.x(), b.x()), std::max(a.x(), b.x())));
        return std::max(first, last) >= box.top() && std::min(first, last) <= box.bottom();
    };
    for (const Curve& curve : frame.curves) {
        const bool isLine = (curve.kind == CurveKind::Line && curve.width > 1) || curve.kind == CurveKind::Dashes;
        for (std::size_t i = 1; isLine && i < curve.points.size(); ++i) {
            const QPointF a(xOf(curve.points[i - 1].x()), yOf(curve.points[i - 1].y()));
            const QPointF b(xOf(curve.points[i].x()), yOf(curve.points[i].y()));
            if (crosses(a, b)) {
                return true;
            }
        }
    }
    return false;
}

/// The first place that nothing runs through; else the first that no other word has; else nothing.
std::optional<QRectF> CanvasPainter::freePlace(const PlotFrame& frame, const std::vector<QRectF>& candidates) const
{
    std::optional<QRectF> second;
    for (const QRectF& box : candidates) {
        const bool isInside = box.top() >= m_area.top() && box.bottom() <= m_area.bottom();
        if (!isInside || std::ranges::any_of(m_words, [&](const QRectF& other) { return other.intersects(box); })) {
            continue;
        }
        if (!isCrossed(frame, box)) {
            return box;
        }
        second = second ? second : box;
    }
    return second;
}

void CanvasPainter::paintWord(const QRectF& box, const QString& word, const QColor& ink)
{
    QColor plate = m_theme.surface;
    plate.setAlphaF(0.8F);
    m_painter.fillRect(box, plate);
    m_painter.setPen(ink);
    m_painter.drawText(box, Qt::AlignCenter, word);
    m_words.push_back(box);
}

void CanvasPainter::paintLimits(const PlotFrame& frame)
{
    const QFontMetricsF metrics(m_font);
    m_painter.setRenderHint(QPainter::Antialiasing);
    for (const LimitLine& limit : frame.limits) {
        const double y = crisp(yOf(limit.y));
        QPen pen(limit.line, 1.2, Qt::CustomDashLine);
        pen.setDashPattern({ 4, 3 });
        m_painter.setPen(pen);
        m_painter.drawLine(QPointF(m_area.left(), y), QPointF(m_area.right(), y));
    }
    for (const LimitLine& limit : frame.limits) {
        const double y = crisp(yOf(limit.y));
        const QSizeF size(metrics.horizontalAdvance(limit.text) + 4, metrics.height());
        const double left = m_area.left() + 3;
        const double right = m_area.right() - size.width() - 3;
        const double above = y - size.height() - 1;
        std::vector<QRectF> candidates;
        for (const double x : { limit.leftText ? left : right, limit.leftText ? right : left, (left + right) / 2 }) {
            candidates.emplace_back(QPointF(x, above), size);
            candidates.emplace_back(QPointF(x, y + 1), size);
        }
        if (const auto place = freePlace(frame, candidates)) {
            paintWord(*place, limit.text, limit.ink);
        }
    }
}

void CanvasPainter::paintTexts(const PlotFrame& frame)
{
    const QFontMetricsF metrics(m_font);
    for (const FrameText& text : frame.texts) {
        const QSizeF size(metrics.horizontalAdvance(text.text) + 4, metrics.height());
        const double y = yOf(std::clamp(text.y, 0.0, 1.0));
        std::vector<QRectF> candidates;
        for (const double rows : { 0.15, -1.15, 1.2, -2.2, 2.3, -3.3, 3.4 }) { // below the point, above it, farther away
            candidates.emplace_back(QPointF(m_area.left() + text.x * m_area.width() - size.width() - 2, y + rows * size.height()), size);
        }
        if (const auto place = freePlace(frame, candidates)) {
            paintWord(*place, text.text, m_theme.text3);
        }
    }
}

void CanvasPainter::paintNonFinite(const PlotFrame& frame)
{
    m_painter.setRenderHint(QPainter::Antialiasing);
    m_painter.setPen(QPen(m_theme.failed, 1.6));
    for (const double share : frame.nonFinite) {
        const QPointF center(m_area.left() + share * m_area.width(), m_area.top() + 5);
        m_painter.drawLine(center + QPointF(-3, -3), center + QPointF(3, 3));
        m_painter.drawLine(center + QPointF(-3, 3), center + QPointF(3, -3));
    }
}

void CanvasPainter::paintMarks(const std::vector<Mark>& marks, double laneY)
{
    for (const Mark& mark : marks) {
        const MarkStyle style = styleOf(mark.event.kind);
        const double x = m_area.left() + mark.pixel;
        if (style.hasLine) {
            QColor line = colorOf(style.shape, m_theme);
            line.setAlphaF(0.8F);
            m_painter.setRenderHint(QPainter::Antialiasing, false);
            m_painter.setPen(QPen(line, 1));
            m_painter.drawLine(QPointF(crisp(x), laneY + kMarkSize / 2), QPointF(crisp(x), m_area.bottom()));
        }
        const bool isSmall = style.shape == MarkShape::HollowTriangle;
        paintMark(m_painter, style.shape, { crisp(x), laneY }, isSmall ? kMarkSize - 1 : kMarkSize, m_theme);
    }
}

void CanvasPainter::paintEmpty(const QString& text)
{
    m_painter.setPen(m_theme.text3);
    m_painter.drawText(m_area.adjusted(8, 0, -8, 0), Qt::AlignCenter | Qt::TextWordWrap, text);
}

QRectF CanvasPainter::paintPill(double x, const QString& text)
{
    QFont bold(m_font);
    bold.setWeight(QFont::DemiBold);
    const QFontMetricsF metrics(bold);
    const double width = metrics.horizontalAdvance(text) + 14;
    const double left = std::clamp(x - width / 2, 0.0, m_area.right() + 8 - width);
    const QRectF pill(left, m_area.bottom() + 3, width, metrics.height() + 2);
    m_painter.setRenderHint(QPainter::Antialiasing);
    m_painter.setPen(Qt::NoPen);
    m_painter.setBrush(m_theme.text1);
    m_painter.drawRoundedRect(pill, 3, 3);
    m_painter.setFont(bold);
    m_painter.setPen(m_theme.surface);
    m_painter.drawText(pill, Qt::AlignCenter, text);
    return pill;
}

} // namespace dubito::ui::chart
