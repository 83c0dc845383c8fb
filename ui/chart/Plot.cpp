// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/chart/Plot.h"

#include "backend/base/ThreadTime.h"
#include "ui/Format.h"
#include "ui/Symbol.h"
#include "ui/chart/MarkPainter.h"
#include "ui/chart/NoteLabel.h"
#include "ui/chart/PlotGroup.h"
#include "ui/chart/PlotLegend.h"
#include "ui/chart/PlotMenu.h"
#include "ui/chart/PlotTable.h"

#include <QEvent>
#include <QFontMetricsF>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QPainter>

#include <algorithm>

namespace dubito::ui::chart {

namespace {

QLabel* makeLabel(const QString& name, QWidget* parent)
{
    auto* label = new QLabel(parent);
    label->setObjectName(name);
    label->setTextFormat(Qt::PlainText); // texts from outside are never markup
    return label;
}

void setInk(QWidget& label, const QColor& ink)
{
    QPalette palette = label.palette();
    palette.setColor(QPalette::WindowText, ink);
    label.setPalette(palette);
}

/// A value that is not finite, or a track without any, reads as a dash.
QString textOf(const Track& track, const std::optional<TrackPoint>& point)
{
    if (!point) {
        return track.points.empty() ? QString() : QString(format::kDash);
    }
    return track.readsRange ? format::range(point->low, point->high, track.decimals)
                            : format::decimal(point->mean, track.decimals);
}

} // namespace

Plot::Plot(PlotGroup& group, QWidget* parent)
    : QWidget(parent)
    , m_group(group)
    , m_legend(new PlotLegend(this))
    , m_canvas(new PlotCanvas(group, this))
    , m_table(new QTableView(this))
    , m_model(new PlotTable(this))
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(kCardPadding, 4, 2, 4);
    column->setSpacing(2);
    column->addWidget(makeTitleRow());
    column->addWidget(m_legend);
    column->addWidget(m_canvas, 1);
    column->addWidget(m_table, 1);
    m_table->setModel(m_model);
    m_table->verticalHeader()->hide();
    m_table->horizontalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
    m_table->horizontalHeader()->setResizeContentsPrecision(20); // the rows in sight, not the thousand below
    m_table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_table->setFrameShape(QFrame::NoFrame);
    m_table->hide();
    connect(m_legend, &PlotLegend::switched, this, &Plot::switchTrack);
    connect(m_canvas, &PlotCanvas::pictureWanted, this,
        [this](Picture when) { when == Picture::AtOnce ? drawNow() : requestDraw(); });
    connect(m_canvas, &PlotCanvas::menuWanted, this, [this](const QPoint& where) { openPlotMenu(*this, where); });
    connectGroup();
    styleTexts();
}

QWidget* Plot::makeTitleRow()
{
    auto* row = new QWidget(this);
    auto* line = new QHBoxLayout(row);
    line->setContentsMargins(0, 0, 4, 0);
    line->setSpacing(kGrid);
    m_title = makeLabel(QStringLiteral("title"), row);
    m_unit = makeLabel(QStringLiteral("unit"), row);
    m_note = new NoteLabel(row);
    m_note->setObjectName(QStringLiteral("note"));
    m_alarmMark = makeLabel(QStringLiteral("alarmMark"), row);
    m_alarm = makeLabel(QStringLiteral("alarm"), row);
    for (QWidget* part : { m_title, m_unit, m_alarmMark, m_alarm }) {
        line->addWidget(part);
    }
    line->addWidget(m_note, 1);
    m_tableButton = addButton(QStringLiteral("table"), tr("Show as a table"), row);
    m_enlargeButton = addButton(QStringLiteral("enlarge"), tr("Enlarge (Esc goes back)"), row);
    m_moreButton = addButton(QStringLiteral("more"), tr("Limits, scale, export"), row);
    m_tableButton->setIcon(symbolIcon(Symbol::Table, Tone::Quiet));
    m_enlargeButton->setIcon(symbolIcon(Symbol::Enlarge, Tone::Quiet));
    m_moreButton->setIcon(symbolIcon(Symbol::More, Tone::Quiet));
    m_tableButton->setCheckable(true);
    connect(m_tableButton, &QToolButton::toggled, this, &Plot::setTableShown);
    connect(m_enlargeButton, &QToolButton::clicked, this, &Plot::enlargeWanted);
    connect(m_moreButton, &QToolButton::clicked, this,
        [this] { openPlotMenu(*this, m_moreButton->mapToGlobal(m_moreButton->rect().bottomLeft())); });
    return row;
}

QToolButton* Plot::addButton(const QString& name, const QString& tip, QWidget* row)
{
    auto* button = new QToolButton(row);
    button->setObjectName(name);
    button->setAccessibleName(tip);
    button->setToolTip(tip);
    button->setAutoRaise(true);
    button->setIconSize({ 16, 16 });
    row->layout()->addWidget(button);
    return button;
}

void Plot::connectGroup()
{
    for (const auto signal : { &PlotGroup::rangeChanged, &PlotGroup::settingsChanged }) {
        connect(&m_group, signal, this, &Plot::requestDraw);
    }
    connect(&m_group, &PlotGroup::crosshairMoved, this, &Plot::readOut);
}

void Plot::styleTexts()
{
    const Theme& theme = themeOf(palette());
    m_title->setFont(typeFont(font(), TypeSize::Base, QFont::DemiBold));
    m_alarm->setFont(typeFont(font(), TypeSize::Legend, QFont::DemiBold));
    m_unit->setFont(typeFont(font(), TypeSize::Unit));
    m_note->setFont(typeFont(font(), TypeSize::Unit));
    setInk(*m_title, theme.text1);
    setInk(*m_unit, theme.text3);
    setInk(*m_note, theme.text3);
    styleAlarm();
}

void Plot::styleAlarm()
{
    const Theme& theme = themeOf(palette());
    setInk(*m_alarm, m_content.alarmShape == MarkShape::Square ? theme.failedText : theme.warnText);
    m_alarmMark->setPixmap(markPixmap(m_content.alarmShape, 11, devicePixelRatioF(), theme));
}

void Plot::setContent(PlotContent content)
{
    m_content = std::move(content);
    setObjectName(QStringLiteral("plot/") + m_content.key);
    m_canvas->setObjectName(QStringLiteral("canvas"));
    m_canvas->setAccessibleName(tr("%1 chart").arg(m_content.title));
    m_table->setAccessibleName(tr("%1 as a table").arg(m_content.title));
    for (const Track& track : m_content.tracks) {
        if (!m_known.contains(track.key)) {
            m_known.insert(track.key);
            if (track.atFirst == Switch::Off) {
                m_choices.off.insert(track.key);
            }
        }
    }
    requestDraw();
}

void Plot::setScale(Scale scale)
{
    m_choices.scale = scale;
    m_choices.limits.reset();
    requestDraw();
}

void Plot::setYLimits(std::optional<YRange> limits)
{
    const bool usable = !limits || (limits->from < limits->to && (m_choices.scale == Scale::Linear || limits->from > 0));
    if (usable) {
        m_choices.limits = limits;
        requestDraw();
    }
}

void Plot::setTableShown(bool shown)
{
    m_tableButton->setChecked(shown);
    m_table->setVisible(shown);
    m_canvas->setVisible(!shown);
    m_tableButton->setToolTip(shown ? tr("Show as a chart") : tr("Show as a table"));
    m_tableButton->setAccessibleName(m_tableButton->toolTip());
    m_tableButton->setIcon(symbolIcon(shown ? Symbol::Chart : Symbol::Table, Tone::Quiet));
    drawNow();
}

void Plot::switchTrack(const QString& key, bool isOn)
{
    if (isOn) {
        m_choices.off.remove(key);
    } else {
        m_choices.off.insert(key);
    }
    requestDraw();
}

void Plot::setEnlarged(bool enlarged)
{
    setProperty("enlarged", enlarged);
    m_enlargeButton->setToolTip(enlarged ? tr("Back to all charts (Esc)") : tr("Enlarge (Esc goes back)"));
    m_enlargeButton->setIcon(symbolIcon(enlarged ? Symbol::Restore : Symbol::Enlarge, Tone::Quiet));
}

void Plot::requestDraw()
{
    if (isVisible()) {
        m_group.requestDraw(this);
    }
}

void Plot::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    requestDraw();
}

void Plot::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange) {
        m_longestNumber = 0;
        styleTexts();
        requestDraw();
    }
}

void Plot::drawNow()
{
    const auto begin = threadTime();
    m_isDrawn = true;
    m_choices.smoothing = m_group.smoothing();
    PlotFrame frame = compose(m_content, m_group.view(m_canvas->columns()), m_choices, themeOf(palette()));
    reserveMargin(frame.axis);
    fillTitleRow(frame.note);
    m_smooth.resize(m_content.tracks.size());
    for (std::size_t i = 0; i < m_smooth.size(); ++i) {
        const Track& track = m_content.tracks[i];
        m_smooth[i] = track.shape == Shape::SmoothLine ? smoothed(track.points, m_choices.smoothing)
                                                       : std::vector<TrackPoint> {};
    }
    if (m_table->isVisibleTo(this)) {
        m_model->setContent(m_content);
    } else {
        m_canvas->draw(std::move(frame), m_content.emptyText);
    }
    readOut();
    m_cost = threadTime() - begin;
}

/// Room for the longest number of the y-axis.
void Plot::reserveMargin(const YAxis& axis)
{
    const auto numbers = ticks(axis, 8);
    const auto longest
        = std::ranges::max_element(numbers, {}, [](const Tick& tick) { return tick.text.size(); });
    if (longest != numbers.end() && longest->text.size() > m_longestNumber) {
        m_longestNumber = longest->text.size();
        const QFontMetricsF metrics(typeFont(font(), TypeSize::Unit));
        m_group.reserveMargin(static_cast<int>(metrics.horizontalAdvance(longest->text)) + 12);
    }
}

void Plot::fillTitleRow(const QString& frameNote)
{
    const QString note = QStringList { m_content.note, frameNote }.join(QStringLiteral("   ")).trimmed();
    const QString shown = QStringList { m_content.title, m_content.unit, note, m_content.alarm, m_content.alarmEvidence,
        themeOf(palette()).window.name() }.join(QLatin1Char('\n'));
    if (shown == m_shownTitle) {
        return;
    }
    m_shownTitle = shown;
    m_title->setText(m_content.title);
    m_unit->setText(m_content.unit);
    m_note->setText(note);
    m_note->setToolTip(note.toHtmlEscaped());
    m_alarm->setVisible(!m_content.alarm.isEmpty());
    m_alarmMark->setVisible(!m_content.alarm.isEmpty());
    m_alarm->setText(m_content.alarm);
    m_alarm->setToolTip(m_content.alarmEvidence.toHtmlEscaped());
    styleAlarm();
}

/// What the crosshair reads is what is drawn.
const std::vector<TrackPoint>& Plot::drawnPoints(std::size_t track) const
{
    const bool isSmooth = track < m_smooth.size() && !m_smooth[track].empty();
    return isSmooth ? m_smooth[track] : m_content.tracks[track].points;
}

QString Plot::readingOf(std::size_t track) const
{
    const auto& points = drawnPoints(track);
    const auto crosshair = m_group.crosshair();
    if (crosshair) {
        return textOf(m_content.tracks[track], pointAt(points, m_group.unit(), *crosshair));
    }
    // What is not known now has no latest value, whatever it was before.
    const bool isStale = !m_content.tracks[track].marksNonFinite && !points.empty() && points.back().samples == 0;
    return textOf(m_content.tracks[track], isStale ? std::nullopt : newest(points));
}

void Plot::readOut()
{
    if (!m_isDrawn) {
        return; // never drawn yet
    }
    std::vector<LegendEntry> entries;
    std::vector<ReadDot> dots;
    QStringList spoken;
    for (const std::size_t i : legendOrder(m_content.tracks)) {
        const Track& track = m_content.tracks[i];
        const bool isOn = !m_choices.off.contains(track.key);
        const QString reading = track.shape == Shape::Bars ? QString() : readingOf(i);
        if (track.inLegend) {
            entries.push_back({ track.key, track.title, reading, track.shape, track.ink, isOn, true });
            spoken << track.title + QLatin1Char(' ') + reading;
        }
        const bool isLine = track.shape == Shape::Line || track.shape == Shape::SmoothLine;
        if (const auto x = m_group.crosshair(); x && isOn && isLine) {
            const auto point = pointAt(drawnPoints(i), m_group.unit(), *x);
            const double y = point ? m_canvas->frame().axis.at(point->mean) : -1;
            if (y >= 0 && y <= 1) {
                dots.push_back({ y, colorOf(track.ink, themeOf(palette())) });
            }
        }
    }
    for (const auto& [title, value] : m_content.readings) {
        entries.push_back({ title, title, value, Shape::Line, Ink::C1, true, false });
    }
    m_legend->setEntries(entries);
    m_canvas->setReadDots(std::move(dots));
    setAccessibleDescription(spoken.join(QStringLiteral(", ")));
}

void Plot::paintEvent(QPaintEvent*)
{
    const Theme& theme = themeOf(palette());
    const double frame = theme.frameWidth();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(theme.border, frame));
    painter.setBrush(theme.surface);
    painter.drawRoundedRect(QRectF(rect()).adjusted(frame / 2, frame / 2, -frame / 2, -frame / 2), 3, 3);
}

void Plot::paintForExport(QPainter& painter, const QSizeF& size)
{
    const Theme& theme = themeOf(palette());
    painter.fillRect(QRectF({}, size), theme.surface);
    const QFont bold = typeFont(font(), TypeSize::Base, QFont::DemiBold);
    const QFont small = typeFont(font(), TypeSize::Legend);
    const double line = QFontMetricsF(bold).height() + 6;
    painter.setFont(bold);
    painter.setPen(theme.text1);
    painter.drawText(QRectF(12, 6, size.width() - 24, line), Qt::AlignLeft, m_content.title);
    const double used = QFontMetricsF(bold).horizontalAdvance(m_content.title) + 10;
    painter.setFont(small);
    painter.setPen(theme.text3);
    painter.drawText(QRectF(12 + used, 7, size.width() - 24 - used, line), Qt::AlignLeft,
        QStringList { m_content.unit, m_note->text() }.join(QStringLiteral("   ")));
    double x = 12;
    for (const LegendEntry& entry : m_legend->entries()) {
        const QString text = entry.title + QLatin1Char(' ') + entry.value;
        painter.setPen(entry.isSwitch && entry.isOn ? colorOf(entry.ink, theme) : theme.text3);
        painter.drawText(QPointF(x, 6 + line * 1.8), entry.isOn ? text : QString());
        x += entry.isOn ? QFontMetricsF(small).horizontalAdvance(text) + 16 : 0;
    }
    painter.translate(0, line * 2 + 4);
    m_canvas->paintForExport(painter, { size.width(), size.height() - line * 2 - 4 });
    painter.translate(0, -(line * 2 + 4));
}

} // namespace dubito::ui::chart
