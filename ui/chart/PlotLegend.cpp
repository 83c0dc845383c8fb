// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/chart/PlotLegend.h"

#include "ui/Theme.h"
#include "ui/chart/PlotFrame.h"

#include <QAction>
#include <QEvent>
#include <QFontMetrics>
#include <QMenu>
#include <QPainter>

#include <algorithm>

namespace dubito::ui::chart {

namespace {

constexpr int kSample = 18;
constexpr int kBox = 10;
constexpr int kGap = 6;
constexpr int kBetween = 16; // entries

bool isArea(Shape shape) { return shape == Shape::Band || shape == Shape::Layer || shape == Shape::Forecast; }

/// Digits are all equally wide; letters are not ("1.04 s", "236 ms").
bool isAsWide(const QString& one, const QString& other)
{
    return std::ranges::equal(one, other, [](QChar a, QChar b) { return a == b || (a.isDigit() && b.isDigit()); });
}

int sampleWidth(const LegendEntry& entry)
{
    if (!entry.isSwitch) {
        return 0;
    }
    return entry.isOn && !isArea(entry.shape) ? kSample : entry.isOn && entry.shape == Shape::Band ? kSample : kBox + 2;
}

} // namespace

LegendButton::LegendButton(QWidget* parent)
    : QAbstractButton(parent)
{
    setCheckable(true);
    setCursor(Qt::PointingHandCursor);
}

void LegendButton::setEntry(const LegendEntry& entry)
{
    if (entry == m_entry && !accessibleName().isEmpty()) {
        return;
    }
    const bool sameTitle = entry.title == m_entry.title && !accessibleName().isEmpty();
    const bool asWide = isAsWide(entry.value, m_entry.value);
    const bool sameSwitch = entry.isOn == m_entry.isOn && entry.isSwitch == m_entry.isSwitch;
    m_entry = entry;
    if (!sameTitle) {
        setObjectName(QStringLiteral("legend/") + entry.key);
        setToolTip(entry.isSwitch ? tr("Switch %1 on or off").arg(entry.title.toHtmlEscaped()) : QString());
    }
    if (!sameTitle || !sameSwitch) {
        setChecked(entry.isOn);
        setEnabled(entry.isSwitch);
        setFocusPolicy(entry.isSwitch ? Qt::TabFocus : Qt::NoFocus);
    }
    setAccessibleName(entry.value.isEmpty() ? entry.title : tr("%1: %2").arg(entry.title, entry.value));
    // Measuring text is dear, and most values differ from the last one by their digits alone.
    if (!sameTitle || !asWide) {
        measure();
    }
    update();
}

void LegendButton::measure()
{
    const QFontMetrics plain(typeFont(font(), TypeSize::Legend));
    const QFontMetrics bold(typeFont(font(), TypeSize::Legend, QFont::DemiBold));
    m_titleWidth = plain.horizontalAdvance(m_entry.title);
    m_valueWidth = std::max(m_valueWidth, bold.horizontalAdvance(m_entry.value));
    m_height = plain.height() + 4;
}

void LegendButton::changeEvent(QEvent* event)
{
    QAbstractButton::changeEvent(event);
    if (event->type() == QEvent::FontChange) {
        m_valueWidth = 0;
        measure();
    }
}

QSize LegendButton::sizeHint() const
{
    const int sample = sampleWidth(m_entry);
    const int value = m_entry.isOn ? m_valueWidth : 0;
    return { sample + (sample > 0 ? kGap : 0) + m_titleWidth + (value > 0 ? kGap : 0) + value + 2, m_height };
}

void LegendButton::paintSample(QPainter& painter, const QRectF& box) const
{
    const Theme& theme = themeOf(palette());
    const QColor color = chart::colorOf(m_entry.ink, theme);
    painter.setRenderHint(QPainter::Antialiasing);
    const QRectF square(box.left() + 0.5, box.center().y() - kBox / 2.0, kBox, kBox);
    if (!m_entry.isOn) {
        painter.setPen(QPen(theme.strongBorder, 1));
        painter.setBrush(Qt::NoBrush);
        painter.drawRect(square);
        return;
    }
    Track like;
    like.ink = m_entry.ink;
    like.shape = m_entry.shape;
    switch (m_entry.shape) {
    case Shape::Band:
        painter.fillRect(QRectF(box.left(), box.center().y() - 4, kSample, 8), fillOf(like, theme));
        break;
    case Shape::Forecast:
    case Shape::Layer:
        painter.setPen(QPen(color, 1.2));
        painter.setBrush(fillOf(like, theme));
        painter.drawRect(square);
        break;
    case Shape::Bars:
        painter.setPen(QPen(color, 1.6));
        for (const auto& [at, height] : { std::pair { 3.0, 6.0 }, { 8.0, 10.0 }, { 13.0, 4.0 } }) {
            painter.drawLine(QPointF(box.left() + at, box.center().y() + 5), QPointF(box.left() + at, box.center().y() + 5 - height));
        }
        break;
    case Shape::Dots:
        painter.setPen(QPen(color, 1.6));
        painter.drawLine(QPointF(box.left(), box.center().y()), QPointF(box.left() + kSample, box.center().y()));
        painter.setBrush(theme.surface);
        painter.drawEllipse(QPointF(box.left() + kSample / 2.0, box.center().y()), 3.5, 3.5);
        break;
    case Shape::Line:
    case Shape::SmoothLine:
        painter.setPen(QPen(color, 2.4, Qt::SolidLine, Qt::FlatCap));
        painter.drawLine(QPointF(box.left(), box.center().y()), QPointF(box.left() + kSample, box.center().y()));
        break;
    }
}

void LegendButton::paintEvent(QPaintEvent*)
{
    const Theme& theme = themeOf(palette());
    QPainter painter(this);
    QRectF rest = rect();
    const int sample = sampleWidth(m_entry);
    if (sample > 0) {
        paintSample(painter, { rest.left(), rest.top(), double(sample), rest.height() });
        rest.setLeft(rest.left() + sample + kGap);
    }
    const QFont plain = typeFont(font(), TypeSize::Legend);
    painter.setFont(plain);
    painter.setPen(m_entry.isOn ? theme.text2 : theme.text3);
    painter.drawText(rest, Qt::AlignLeft | Qt::AlignVCenter, m_entry.title);
    rest.setLeft(rest.left() + m_titleWidth + kGap);
    if (m_entry.isOn) {
        painter.setFont(typeFont(font(), TypeSize::Legend, QFont::DemiBold));
        painter.setPen(theme.text1);
        painter.drawText(rest, Qt::AlignLeft | Qt::AlignVCenter, m_entry.value);
    }
    if (hasFocus()) {
        painter.setBrush(Qt::NoBrush);
        painter.setPen(QPen(theme.accent, 2));
        painter.drawRoundedRect(QRectF(rect()).adjusted(1, 1, -1, -1), 3, 3);
    }
}

PlotLegend::PlotLegend(QWidget* parent)
    : QWidget(parent)
    , m_more(new QToolButton(this))
{
    m_more->setObjectName(QStringLiteral("legend/more"));
    m_more->setAutoRaise(true);
    m_more->setAccessibleName(tr("More entries"));
    m_more->setPopupMode(QToolButton::InstantPopup);
    m_more->setMenu(new QMenu(m_more));
    m_more->setStyleSheet(QStringLiteral("QToolButton::menu-indicator { image: none; } QToolButton:!focus { border: none; }"));
    m_more->hide();
    connect(m_more->menu(), &QMenu::aboutToShow, this, &PlotLegend::fillMenu);
    setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
}

void PlotLegend::setEntries(const std::vector<LegendEntry>& entries)
{
    bool changed = entries.size() != m_buttons.size();
    while (m_buttons.size() > entries.size()) {
        delete m_buttons.back();
        m_buttons.pop_back();
    }
    while (m_buttons.size() < entries.size()) {
        auto* button = new LegendButton(this);
        connect(button, &QAbstractButton::clicked, this,
            [this, button](bool isOn) { emit switched(button->entry().key, isOn); });
        m_buttons.push_back(button);
    }
    for (std::size_t i = 0; i < entries.size(); ++i) {
        const int before = m_buttons[i]->sizeHint().width();
        m_buttons[i]->setEntry(entries[i]);
        changed = changed || m_buttons[i]->sizeHint().width() != before;
    }
    if (changed) {
        arrange();
    }
}

std::vector<LegendEntry> PlotLegend::entries() const
{
    std::vector<LegendEntry> all;
    for (const LegendButton* button : m_buttons) {
        all.push_back(button->entry());
    }
    return all;
}

QSize PlotLegend::sizeHint() const
{
    return { 240, QFontMetrics(typeFont(font(), TypeSize::Legend)).height() + 4 };
}

void PlotLegend::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    arrange();
}

bool PlotLegend::event(QEvent* event)
{
    // LayoutRequest is not answered: arranging changes the button, which would ask for it again, for ever.
    if (event->type() == QEvent::FontChange || event->type() == QEvent::PaletteChange) {
        m_reserved = 0;
        arrange();
    }
    return QWidget::event(event);
}

void PlotLegend::styleMore()
{
    m_more->setFont(typeFont(font(), TypeSize::Legend));
    QPalette quiet = palette();
    quiet.setColor(QPalette::ButtonText, themeOf(palette()).text3);
    m_more->setPalette(quiet);
    m_reserved = QFontMetrics(m_more->font()).horizontalAdvance(tr("%1 more").arg(88)) + kBetween;
}

void PlotLegend::arrange()
{
    if (m_reserved == 0) {
        styleMore();
    }
    int x = 0;
    m_visible = 0;
    for (std::size_t i = 0; i < m_buttons.size(); ++i) {
        const QSize hint = m_buttons[i]->sizeHint();
        const bool isLast = i + 1 == m_buttons.size();
        const bool fits = m_visible == i && x + hint.width() + (isLast ? 0 : kBetween + m_reserved) <= width();
        m_buttons[i]->setVisible(fits);
        if (fits) {
            m_buttons[i]->setGeometry(x, 0, hint.width(), height());
            x += hint.width() + kBetween;
            ++m_visible;
        }
    }
    const QString text = tr("%1 more").arg(m_buttons.size() - m_visible);
    if (m_more->text() != text) {
        m_more->setText(text);
    }
    m_more->setVisible(m_visible < m_buttons.size());
    m_more->setGeometry(x, 0, m_reserved, height());
}

void PlotLegend::fillMenu()
{
    QMenu* menu = m_more->menu();
    menu->clear();
    for (std::size_t i = m_visible; i < m_buttons.size(); ++i) {
        const LegendEntry& entry = m_buttons[i]->entry();
        QAction* action = menu->addAction(entry.value.isEmpty() ? entry.title : entry.title + QStringLiteral("  ") + entry.value);
        action->setCheckable(entry.isSwitch);
        action->setChecked(entry.isOn);
        action->setEnabled(entry.isSwitch);
        connect(action, &QAction::toggled, this, [this, key = entry.key](bool isOn) { emit switched(key, isOn); });
    }
}

} // namespace dubito::ui::chart
