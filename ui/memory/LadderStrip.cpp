// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/memory/LadderStrip.h"

#include "ui/Format.h"

#include <QApplication>
#include <QPainter>
#include <QPainterPath>
#include <QStringList>

namespace dubito::ui {

using reload::Outcome;
using reload::Rung;

namespace {

constexpr int kChevron = 8;

void applyEnd(std::array<RungText, 5>& rungs, Outcome outcome)
{
    // Relieved and skipped climbs never came to the later rungs.
    const std::size_t reached = outcome == Outcome::Relieved ? 2 : outcome == Outcome::Skipped ? 0 : 5;
    for (std::size_t i = 0; i < reached; ++i) {
        rungs[i].symbol = Symbol::Tick;
        rungs[i].tone = Tone::Healthy;
    }
    if (outcome == Outcome::Retained || outcome == Outcome::GaveUp) {
        rungs[4].symbol = outcome == Outcome::Retained ? Symbol::Warn : Symbol::Cross;
        rungs[4].tone = outcome == Outcome::Retained ? Tone::Warn : Tone::Failed;
        rungs[4].word += QStringLiteral(": ") + format::text(toWord(outcome));
    }
}

} // namespace

std::array<RungText, 5> rungsOf(const reload::ReloadStatus& reload)
{
    std::array<RungText, 5> rungs;
    const auto present = static_cast<std::size_t>(reload.rung);
    for (std::size_t i = 0; i < rungs.size(); ++i) {
        RungText& rung = rungs[i];
        rung.word = QStringLiteral("%1  %2").arg(i + 1).arg(format::text(reload::kRungWords[i + 1]));
        rung.note = format::text(reload.rungNotes[i + 1]).left(200);
        if (present > i + 1) {
            rung.symbol = Symbol::Tick;
            rung.tone = Tone::Healthy;
        } else if (present == i + 1) {
            rung.symbol = Symbol::Current;
            rung.tone = Tone::Accent;
            rung.isCurrent = true;
        }
    }
    if (reload.rung == Rung::Rest && reload.lastOutcome != Outcome::None) {
        applyEnd(rungs, reload.lastOutcome);
    }
    return rungs;
}

LadderStrip::LadderStrip(QWidget* parent) : Panel(parent)
{
    setObjectName(QStringLiteral("ladderStrip"));
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

void LadderStrip::display(const session::Snapshot& snapshot)
{
    m_rungs = rungsOf(snapshot.reload);
    QStringList said;
    for (const RungText& rung : m_rungs) {
        said << (rung.isCurrent ? tr("now %1: %2") : QStringLiteral("%1: %2")).arg(rung.word, rung.note);
    }
    setAccessibleName(tr("Reload ladder. %1").arg(said.join(QStringLiteral(". "))));
    setToolTip(format::tip(said.join(QLatin1Char('\n'))));
    QWidget::update();
}

QSize LadderStrip::sizeHint() const
{
    const QFont base = QApplication::font();
    const int lines = QFontMetrics(typeFont(base, TypeSize::Base, QFont::DemiBold)).height()
        + QFontMetrics(typeFont(base, TypeSize::Unit)).height();
    return { 600, lines + 3 * kGrid };
}

QSize LadderStrip::minimumSizeHint() const { return { 320, sizeHint().height() }; }

void LadderStrip::paintEvent(QPaintEvent*)
{
    const Theme& theme = themeOf(palette());
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const QRectF box = QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5);
    QPainterPath outline;
    outline.addRoundedRect(box, 4, 4);
    painter.fillPath(outline, theme.surface);
    const QFont base = QApplication::font();
    const QFont bold = typeFont(base, TypeSize::Base, QFont::DemiBold);
    const QFont small = typeFont(base, TypeSize::Unit);
    const int side = scaledPixels(base, 14);
    const double wide = box.width() / static_cast<double>(m_rungs.size());
    for (std::size_t i = 0; i < m_rungs.size(); ++i) {
        const RungText& rung = m_rungs[i];
        const QRectF cell(box.left() + wide * static_cast<double>(i), box.top(), wide, box.height());
        painter.save();
        painter.setClipPath(outline);
        if (rung.isCurrent) {
            painter.fillRect(cell, theme.accentSoft);
            painter.fillRect(QRectF(cell.left(), cell.bottom() - 3, cell.width(), 3), theme.accent);
        }
        if (i > 0) {
            painter.setPen(QPen(theme.border, theme.frameWidth()));
            painter.drawPolyline(QPolygonF { cell.topLeft() - QPointF(kChevron / 2.0, 0),
                QPointF(cell.left() + kChevron / 2.0, cell.center().y()), cell.bottomLeft() - QPointF(kChevron / 2.0, 0) });
        }
        painter.restore();
        const QRectF inner = cell.adjusted(kCardPadding + 4, kGrid, -kGrid, -kGrid);
        const QFontMetrics first(bold);
        paintSymbol(painter, QRectF(inner.left(), inner.top() + (first.height() - side) / 2.0, side, side), rung.symbol,
            inkOf(rung.tone, theme), rung.isCurrent ? theme.accentSoft : theme.surface);
        painter.setFont(bold);
        painter.setPen(theme.text1);
        const QRectF words(inner.left() + side + kGrid, inner.top(), inner.width() - side - kGrid, first.height());
        painter.drawText(words, Qt::AlignVCenter, first.elidedText(rung.word, Qt::ElideRight, static_cast<int>(words.width())));
        painter.setFont(small);
        painter.setPen(theme.text2);
        const QFontMetrics second(small);
        painter.drawText(QRectF(inner.left(), inner.bottom() - second.height(), inner.width(), second.height()), Qt::AlignVCenter,
            second.elidedText(rung.note, Qt::ElideRight, static_cast<int>(inner.width())));
    }
    painter.setPen(QPen(theme.border, theme.frameWidth()));
    painter.drawPath(outline);
}

} // namespace dubito::ui
