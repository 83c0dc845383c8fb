// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/health/HealthDelegate.h"

#include "ui/Look.h"
#include "ui/Theme.h"
#include "ui/health/HealthModel.h"

#include <QApplication>
#include <QPainter>

namespace dubito::ui {

namespace {

/// Draws one line, cut with dots, and says how wide it became.
int drawLine(QPainter& painter, const QRect& where, Qt::Alignment side, const QFont& font, const QColor& ink, const QString& text)
{
    painter.setFont(font);
    painter.setPen(ink);
    const QFontMetrics metrics(font);
    const QString shown = metrics.elidedText(text, Qt::ElideRight, where.width());
    painter.drawText(where, static_cast<int>(side | Qt::AlignVCenter) | Qt::TextSingleLine, shown);
    return metrics.horizontalAdvance(shown);
}

} // namespace

QSize HealthDelegate::sizeHint(const QStyleOptionViewItem&, const QModelIndex&) const
{
    const QFontMetrics first(typeFont(QApplication::font(), TypeSize::Base, QFont::DemiBold));
    const QFontMetrics second(typeFont(QApplication::font(), TypeSize::Unit));
    const int high = first.height() + second.height() + (m_shape == Shape::Board ? 9 : 1);
    return { 80, high };
}

void HealthDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    const Theme& theme = themeOf(option.palette);
    const auto state = static_cast<health::HealthState>(index.data(HealthModel::StateRole).toInt());
    const Look look = lookOf(state);
    const bool calm = state == health::HealthState::Healthy || state == health::HealthState::Idle;
    painter->save();
    const bool chosen = option.state.testFlag(QStyle::State_Selected) || option.state.testFlag(QStyle::State_MouseOver);
    painter->fillRect(option.rect, chosen ? theme.accentSoft : theme.surface);
    painter->fillRect(QRect(option.rect.left(), option.rect.bottom(), option.rect.width(), 1), theme.border);
    const QFont base = QApplication::font();
    const int side = scaledPixels(base, 14);
    const int above = m_shape == Shape::Board ? 3 : 1;
    const int between = m_shape == Shape::Board ? 1 : -2; // the rail has to show all modules in a low window
    const QRect inner = option.rect.adjusted(kCardPadding, above, m_shape == Shape::Board ? -kCardPadding : -2, -4);
    const QFont bold = typeFont(base, TypeSize::Base, QFont::DemiBold);
    const QFont small = typeFont(base, TypeSize::Unit);
    const int firstHeight = QFontMetrics(bold).height();
    paintSymbol(*painter, QRectF(inner.left(), inner.top() + (firstHeight - side) / 2.0, side, side), look.symbol,
        inkOf(look.tone, theme), theme.surface);
    QRect first(inner.left() + side + 10, inner.top(), inner.right() - inner.left() - side - 10, firstHeight);
    QRect second(first.left(), first.bottom() + between, first.width(), QFontMetrics(small).height());
    const QColor stateInk = calm ? theme.text2 : textInkOf(look.tone, theme);
    const QFont stateFont = typeFont(base, TypeSize::Legend, calm ? QFont::Normal : QFont::DemiBold);
    const QString name = index.data(Qt::DisplayRole).toString();
    if (m_shape == Shape::Rail) {
        drawLine(*painter, first, Qt::AlignLeft, calm ? base : bold, theme.text1, name);
        drawLine(*painter, second, Qt::AlignLeft, small, stateInk, look.word);
    } else {
        const int taken = drawLine(*painter, first, Qt::AlignRight, stateFont, stateInk, look.word);
        drawLine(*painter, first.adjusted(0, 0, -taken - kGrid, 0), Qt::AlignLeft, bold, theme.text1, name);
        const int age = drawLine(*painter, second, Qt::AlignRight, small, theme.text3, index.data(HealthModel::AgeRole).toString());
        drawLine(*painter, second.adjusted(0, 0, -age - kGrid, 0), Qt::AlignLeft, small, theme.text3,
            index.data(HealthModel::ReasonRole).toString().simplified());
    }
    const bool hasFocus = option.state.testFlag(QStyle::State_HasFocus);
    if (hasFocus || (chosen && theme.isHighContrast())) { // there its ground is that of the others
        painter->setPen(QPen(hasFocus ? theme.accent : theme.text1, 2));
        painter->drawRect(option.rect.adjusted(1, 1, -1, -2));
    }
    painter->restore();
}

} // namespace dubito::ui
