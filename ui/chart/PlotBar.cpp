// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/chart/PlotBar.h"

#include "ui/Format.h"
#include "ui/chart/EventMarks.h"
#include "ui/chart/MarkPainter.h"
#include "ui/chart/PlotGroup.h"

#include <QBuffer>
#include <QEvent>
#include <QHBoxLayout>
#include <QResizeEvent>

#include <algorithm>
#include <array>

namespace dubito::ui::chart {

namespace {

constexpr std::array kFactors { 0.0, 0.6, 0.8, 0.9, 0.93, 0.97, 0.99 };
constexpr int kGap = 12; // between the groups of controls

/// A mark as an image inside rich text.
QString markImage(MarkShape shape, double ratio, const Theme& theme)
{
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    markPixmap(shape, 10, ratio, theme).save(&buffer, "PNG");
    return QStringLiteral("<img width='12' height='12' src='data:image/png;base64,%1'/>")
        .arg(QString::fromLatin1(bytes.toBase64()));
}

/// Buttons of which one is chosen stand in one frame.
void joinSegments(const std::vector<QPushButton*>& buttons)
{
    for (QPushButton* button : buttons) {
        button->setProperty("segment", button == buttons.front() ? QStringLiteral("first") : button == buttons.back() ? QStringLiteral("last") : QStringLiteral("middle"));
    }
}

} // namespace

PlotBar::PlotBar(PlotGroup& group, QWidget* parent)
    : QWidget(parent)
    , m_group(group)
    , m_pageBox(new QWidget(this))
    , m_follow(new QCheckBox(tr("Fo&llow"), this))
    , m_smoothingName(new QLabel(tr("S&moothing"), this))
    , m_smoothing(new QComboBox(this))
    , m_remark(new QLabel(this))
    , m_moment(new QLabel(this))
    , m_key(new QLabel(this))
{
    setObjectName(QStringLiteral("plotBar"));
    m_follow->setObjectName(QStringLiteral("follow"));
    m_smoothing->setObjectName(QStringLiteral("smoothing"));
    m_smoothing->setAccessibleName(tr("Smoothing"));
    m_smoothingName->setBuddy(m_smoothing);
    m_moment->setObjectName(QStringLiteral("moment"));
    m_moment->setTextFormat(Qt::PlainText);
    m_key->setObjectName(QStringLiteral("markKey"));
    for (const double factor : kFactors) {
        m_smoothing->addItem(factor == 0 ? tr("off") : format::decimal(factor, 2), factor);
    }
    auto* line = new QHBoxLayout(this);
    line->setContentsMargins(0, 0, 0, 0);
    line->setSpacing(kGap);
    auto* pages = new QHBoxLayout(m_pageBox);
    pages->setContentsMargins(0, 0, 0, 0);
    pages->setSpacing(0);
    m_pageBox->hide();
    line->addWidget(m_pageBox);
    line->addWidget(makeUnits());
    line->addWidget(makePresets());
    for (QWidget* part : std::initializer_list<QWidget*> { m_follow, m_smoothingName, m_smoothing }) {
        line->addWidget(part);
    }
    m_remark->setObjectName(QStringLiteral("foldRemark"));
    m_remark->setTextFormat(Qt::PlainText);
    m_remark->setProperty("tone", QStringLiteral("3"));
    m_remark->hide();
    line->addWidget(m_remark);
    line->addWidget(m_moment, 1);
    line->addWidget(m_key);
    m_moment->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    m_moment->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    connect(m_follow, &QCheckBox::clicked, &m_group,
        [this](bool on) { m_group.setFollow(on ? Follow::On : Follow::Off); });
    connect(m_smoothing, &QComboBox::activated, &m_group,
        [this](int index) { m_group.setSmoothing(m_smoothing->itemData(index).toDouble()); });
    connect(&m_group, &PlotGroup::settingsChanged, this, &PlotBar::takeOver);
    connect(&m_group, &PlotGroup::followChanged, this, &PlotBar::takeOver);
    connect(&m_group, &PlotGroup::crosshairMoved, this, &PlotBar::tellMoment);
    connect(&m_group, &PlotGroup::eventsChanged, this, &PlotBar::fillKey);
    takeOver();
    fillKey();
}

QPushButton* PlotBar::addSegment(const QString& name, const QString& text, QWidget* box)
{
    auto* button = new QPushButton(text, box);
    button->setObjectName(name);
    button->setCheckable(true);
    button->setAutoExclusive(true);
    // The checked one is bold: room for that is kept, so that nothing moves.
    button->setMinimumWidth(QFontMetrics(typeFont(font(), TypeSize::Base, QFont::DemiBold)).horizontalAdvance(text) + 26);
    box->layout()->addWidget(button);
    return button;
}

void PlotBar::setPages(const QStringList& titles, int current)
{
    if (titles != m_pageTitles) {
        m_pageTitles = titles;
        qDeleteAll(m_pages);
        m_pages.clear();
        for (int i = 0; i < titles.size(); ++i) {
            m_pages.push_back(addSegment(QStringLiteral("page/%1").arg(i), titles[i], m_pageBox));
            connect(m_pages.back(), &QPushButton::clicked, this, [this, i] { emit pageChosen(i); });
        }
        joinSegments(m_pages);
        m_pageBox->setVisible(titles.size() > 1);
    }
    if (current >= 0 && static_cast<std::size_t>(current) < m_pages.size()) {
        m_pages[static_cast<std::size_t>(current)]->setChecked(true);
    }
    fold();
}

void PlotBar::setFold(std::int64_t steps)
{
    if (steps == m_fold) {
        return;
    }
    m_fold = steps;
    m_remark->setVisible(steps > 1);
    m_remark->setText(tr("shown folded: up to %1 steps a point").arg(format::count(steps)));
    m_remark->setToolTip(tr("More of the run is in view than is read from its file at once. A point stands for as many steps, and has their peaks. "
                            "Zoom in further to see them apart."));
    fold();
}

QWidget* PlotBar::makeUnits()
{
    auto* box = new QWidget(this);
    auto* line = new QHBoxLayout(box);
    line->setContentsMargins(0, 0, 0, 0);
    line->setSpacing(0);
    m_units = { addSegment(QStringLiteral("unit/step"), tr("Step"), box),
        addSegment(QStringLiteral("unit/time"), tr("Time"), box) };
    joinSegments(m_units);
    for (std::size_t i = 0; i < m_units.size(); ++i) {
        connect(m_units[i], &QPushButton::clicked, &m_group,
            [this, unit = static_cast<XUnit>(i)] { m_group.setUnit(unit); });
    }
    return box;
}

QWidget* PlotBar::makePresets()
{
    auto* box = new QWidget(this);
    auto* line = new QHBoxLayout(box);
    line->setContentsMargins(0, 0, 0, 0);
    line->setSpacing(0);
    m_presets = { addSegment(QStringLiteral("preset/whole"), tr("Whole run"), box),
        addSegment(QStringLiteral("preset/1000"), format::count(1000), box),
        addSegment(QStringLiteral("preset/200"), format::count(200), box) };
    joinSegments(m_presets);
    m_presets[1]->setToolTip(tr("The last 1,000 steps"));
    m_presets[2]->setToolTip(tr("The last 200 steps"));
    for (std::size_t i = 0; i < m_presets.size(); ++i) {
        connect(m_presets[i], &QPushButton::clicked, &m_group,
            [this, preset = static_cast<Preset>(i)] { m_group.setPreset(preset); });
    }
    return box;
}

void PlotBar::takeOver()
{
    m_units[static_cast<std::size_t>(m_group.unit())]->setChecked(true);
    m_presets[static_cast<std::size_t>(m_group.preset())]->setChecked(true);
    m_follow->setChecked(m_group.follow() == Follow::On);
    const auto at = std::ranges::find(kFactors, m_group.smoothing());
    if (at != kFactors.end()) {
        m_smoothing->setCurrentIndex(static_cast<int>(at - kFactors.begin()));
    }
}

void PlotBar::tellMoment()
{
    const auto x = m_group.crosshair();
    m_moment->setText(x ? tr("at %1").arg(m_group.momentText(*x)) : QString());
    fold();
}

/// Only the kinds that have happened: a key of what is not there teaches nothing.
void PlotBar::fillKey()
{
    using session::EventKind;
    const Theme& theme = themeOf(palette());
    QStringList parts;
    for (const EventKind kind :
        { EventKind::Reload, EventKind::Pause, EventKind::Checkpoint, EventKind::Warn, EventKind::Act }) {
        if (std::ranges::find(m_group.events(), kind, &session::Event::kind) != m_group.events().end()) {
            parts << markImage(styleOf(kind).shape, devicePixelRatioF(), theme) + QStringLiteral("&nbsp;")
                    + kindText(kind).toHtmlEscaped();
        }
    }
    m_key->setText(parts.join(QStringLiteral("&nbsp;&nbsp;&nbsp; ")));
    const QFont legend = typeFont(font(), TypeSize::Legend);
    m_key->setFont(legend);
    m_moment->setFont(legend);
    m_remark->setFont(legend);
    fold();
}

/// The key gives way to the moment of the crosshair, then the smoothing goes, and all of them to the other controls.
void PlotBar::fold()
{
    int controls = 0;
    for (const QWidget* part : std::initializer_list<const QWidget*> { m_pageBox->isVisibleTo(this) ? m_pageBox : nullptr,
             m_units.front()->parentWidget(), m_presets.front()->parentWidget(), m_follow }) {
        controls += part != nullptr ? part->sizeHint().width() + kGap : 0;
    }
    const int smoothing = m_smoothingName->sizeHint().width() + m_smoothing->sizeHint().width() + 2 * kGap;
    controls += m_fold > 1 ? m_remark->sizeHint().width() + kGap : 0;
    const bool wordy = controls + smoothing <= width();
    m_smoothing->setVisible(wordy);
    m_smoothingName->setVisible(wordy);
    controls += wordy ? smoothing : 0;
    const int moment = m_moment->text().isEmpty() ? 0 : m_moment->sizeHint().width();
    m_key->setVisible(!m_key->text().isEmpty() && controls + moment + m_key->sizeHint().width() + 40 <= width());
}

void PlotBar::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange) {
        fillKey();
    }
}

void PlotBar::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    fold();
}

} // namespace dubito::ui::chart
