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

void CanvasPainter::paintLimits(const PlotFrame& frame)
{
    const QFontMetricsF metrics(m_font);
    m_painter.setRenderHint(QPainter::Antialiasing);
    std::vector<QRectF> taken;
    for (const LimitLine& limit : frame.limits) {
        const double y = crisp(yOf(limit.y));
        QPen pen(limit.line, 1.2, Qt::CustomDashLine);
        pen.setDashPattern({ 4, 3 });
        m_painter.setPen(pen);
        m_painter.drawLine(QPointF(m_area.left(), y), QPointF(m_area.right(), y));
        const double width = metrics.horizontalAdvance(limit.text);
        const double left = limit.leftText ? m_area.left() + 4 : m_area.right() - width - 4;
        const double above = y - metrics.height() - 1;
        QRectF label(left, above < m_area.top() ? y + 1 : above, width + 2, metrics.height());
        // Two limits close together: the later text goes below its line, or is left to the title line.
        const auto hits = [&](const QRectF& box) {
            return std::ranges::any_of(taken, [&](const QRectF& other) { return other.intersects(box); });
        };
        if (hits(label)) {
            label.moveTop(y + 1);
        }
        if (!hits(label) && label.bottom() <= m_area.bottom()) {
            m_painter.setPen(limit.ink);
            m_painter.drawText(label, Qt::AlignLeft | Qt::AlignVCenter, limit.text);
            taken.push_back(label);
        }
    }
}

void CanvasPainter::paintTexts(const PlotFrame& frame)
{
    const QFontMetricsF metrics(m_font);
    m_painter.setPen(m_theme.text3);
    for (const FrameText& text : frame.texts) {
        const double width = metrics.horizontalAdvance(text.text) + 2;
        const double top = std::min(yOf(std::max(text.y, 0.0)) + 2, m_area.bottom() - metrics.height());
        m_painter.drawText(QRectF(m_area.left() + text.x * m_area.width() - width - 2, top, width, metrics.height()),
            Qt::AlignRight, text.text);
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
