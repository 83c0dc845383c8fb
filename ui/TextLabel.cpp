// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/TextLabel.h"

#include "ui/Format.h"

#include <QApplication>
#include <QFontMetrics>
#include <QPainter>

namespace dubito::ui {

namespace {

/// Longer words are cut before they are measured: a hostile name must not cost a second.
constexpr qsizetype kLongest = 400;
constexpr qsizetype kLongestTip = 2000;

QFont fontOf(const Span& span, TypeSize size) { return typeFont(QApplication::font(), size, span.weight); }

} // namespace

Ink inkOf(Tone tone)
{
    switch (tone) {
    case Tone::Accent:
        return Ink::Accent;
    case Tone::Healthy:
        return Ink::Healthy;
    case Tone::Warn:
        return Ink::Warn;
    case Tone::Failed:
        return Ink::Failed;
    case Tone::Quiet:
        return Ink::Label;
    case Tone::Text:
    case Tone::OnAccent:
        break;
    }
    return Ink::Value;
}

QColor colorOf(Ink ink, const Theme& theme)
{
    switch (ink) {
    case Ink::Value:
        return theme.text1;
    case Ink::Label:
        return theme.text2;
    case Ink::Unit:
        return theme.text3;
    case Ink::Accent:
        return theme.accent;
    case Ink::Healthy:
        return theme.healthy;
    case Ink::Warn:
        return theme.warnText;
    case Ink::Failed:
        break;
    }
    return theme.failedText;
}

TextLabel::TextLabel(TypeSize size, QWidget* parent) : QWidget(parent), m_size(size)
{
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
}

void TextLabel::setText(const QString& text, Ink ink, QFont::Weight weight) { setSpans({ { text, ink, weight } }); }

void TextLabel::setSpans(const QVector<Span>& spans)
{
    if (spans == m_spans) {
        return;
    }
    const int before = fullWidth();
    m_spans = spans;
    setAccessibleName(text().left(kLongestTip));
    if (fullWidth() != before) {
        updateGeometry();
    }
    tellWhatIsHidden();
    QWidget::update();
}

void TextLabel::setSize(TypeSize size)
{
    if (size != m_size) {
        m_size = size;
        updateGeometry();
        tellWhatIsHidden();
        QWidget::update();
    }
}

void TextLabel::setAlignment(Qt::Alignment alignment)
{
    m_alignment = alignment;
    QWidget::update();
}

QString TextLabel::text() const
{
    QString all;
    for (const Span& span : m_spans) {
        all += span.text;
    }
    return all;
}

int TextLabel::fullWidth() const
{
    int width = 0;
    for (const Span& span : m_spans) {
        width += QFontMetrics(fontOf(span, m_size)).horizontalAdvance(span.text.left(kLongest));
    }
    return width;
}

QSize TextLabel::sizeHint() const
{
    const QFontMetrics metrics(typeFont(QApplication::font(), m_size, QFont::DemiBold));
    return { fullWidth() + 1, metrics.height() };
}

QSize TextLabel::minimumSizeHint() const
{
    const QSize full = sizeHint();
    const QFontMetrics metrics(typeFont(QApplication::font(), m_size));
    return { std::min(full.width(), metrics.averageCharWidth() * 5), full.height() };
}

void TextLabel::tellWhatIsHidden()
{
    const QString tip = fullWidth() > width() ? format::tip(text()) : QString();
    if (toolTip() != tip) {
        setToolTip(tip);
    }
}

void TextLabel::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    tellWhatIsHidden();
}

void TextLabel::paintEvent(QPaintEvent*)
{
    const Theme& theme = themeOf(palette());
    QPainter painter(this);
    int left = 0;
    if (m_alignment.testFlag(Qt::AlignRight)) {
        left = std::max(0, width() - fullWidth());
    } else if (m_alignment.testFlag(Qt::AlignHCenter)) {
        left = std::max(0, (width() - fullWidth()) / 2);
    }
    for (const Span& span : m_spans) {
        if (left >= width()) {
            return;
        }
        painter.setFont(fontOf(span, m_size));
        painter.setPen(isEnabled() ? colorOf(span.ink, theme) : theme.strongBorder);
        const QFontMetrics metrics(painter.font());
        const QString whole = span.text.left(kLongest);
        const bool fits = metrics.horizontalAdvance(whole) <= width() - left + 1;
        const QString shown = fits ? whole : metrics.elidedText(whole, Qt::ElideRight, width() - left);
        painter.drawText(QRect(left, 0, width() - left + 2, height()), Qt::AlignVCenter | Qt::AlignLeft | Qt::TextSingleLine, shown);
        left += metrics.horizontalAdvance(shown);
        if (shown != span.text) {
            return;
        }
    }
}

} // namespace dubito::ui
