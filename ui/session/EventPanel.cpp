// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/session/EventPanel.h"

#include "ui/Format.h"
#include "ui/PanelTable.h"
#include "ui/Look.h"
#include "ui/TextLabel.h"
#include "ui/session/EventStory.h"

#include <QButtonGroup>
#include <QFormLayout>
#include <QApplication>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QScrollArea>
#include <QTableView>
#include <QVBoxLayout>

#include <algorithm>

namespace dubito::ui {

namespace {

QPushButton* makeSegment(const QString& name, const char* place, QWidget* parent)
{
    auto* button = new QPushButton(parent);
    button->setObjectName(name);
    button->setCheckable(true);
    button->setProperty("segment", QLatin1String(place));
    return button;
}

} // namespace

EventPanel::EventPanel(QWidget* parent)
    : Panel(parent)
    , m_model(new EventModel(this))
    , m_filter(new EventFilter(this))
    , m_search(new QLineEdit)
    , m_all(makeSegment(QStringLiteral("eventsAll"), "first", this))
    , m_guardian(makeSegment(QStringLiteral("eventsGuardian"), "last", this))
    , m_table(new QTableView)
    , m_symbol(new SymbolLabel(16))
    , m_heading(new TextLabel)
    , m_number(new TextLabel(TypeSize::Unit))
    , m_text(new QLabel)
    , m_story(new QFormLayout)
    , m_growthTitle(new TextLabel)
    , m_growth(new GrowthBars)
{
    setObjectName(QStringLiteral("eventPanel"));
    m_filter->setSourceModel(m_model);
    m_table->setObjectName(QStringLiteral("eventTable"));
    m_table->setAccessibleName(tr("Events, newest first"));
    m_table->setModel(m_filter);
    setUpPanelTable(*m_table, 28);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    const QFontMetrics metrics(m_table->font());
    m_table->setColumnWidth(EventModel::Time, metrics.horizontalAdvance(QStringLiteral("00:00:00")) + 22);
    m_table->setColumnWidth(EventModel::Step, metrics.horizontalAdvance(QStringLiteral("000,000")) + 18);
    m_table->setColumnWidth(EventModel::Kind, metrics.horizontalAdvance(QStringLiteral("checkpoint")) + 46);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(makeFilter());
    layout->addWidget(m_table, 2);
    m_details = makeDetails();
    layout->addWidget(m_details, 3);
    m_details->hide();
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this, &EventPanel::currentChanged);
    connect(m_table, &QTableView::clicked, this, &EventPanel::go);
    connect(m_table, &QTableView::activated, this, &EventPanel::go);
}

QWidget* EventPanel::makeFilter()
{
    auto* row = new QWidget(this);
    auto* line = new QHBoxLayout(row);
    line->setContentsMargins(kCardPadding, kGrid, kCardPadding, kGrid);
    line->setSpacing(kGrid);
    setUpSearch(*m_search, "eventSearch", tr("Find in events…"), tr("Find in events"));
    m_all->setChecked(true);
    m_all->setText(tr("All"));
    m_guardian->setText(tr("Guardian"));
    auto* group = new QButtonGroup(this);
    group->addButton(m_all);
    group->addButton(m_guardian);
    line->addWidget(m_search, 1);
    auto* pair = new QHBoxLayout;
    pair->setSpacing(0);
    pair->addWidget(m_all);
    pair->addWidget(m_guardian);
    line->addLayout(pair);
    connect(m_search, &QLineEdit::textChanged, m_filter, &EventFilter::setWords);
    connect(m_guardian, &QPushButton::toggled, this, [this](bool on) {
        m_filter->setKinds(on ? EventFilter::Kinds::Guardian : EventFilter::Kinds::All);
    });
    return row;
}

QWidget* EventPanel::makeDetails()
{
    auto* body = new QWidget;
    body->setProperty("ground", QStringLiteral("surface"));
    body->setAttribute(Qt::WA_StyledBackground);
    auto* column = new QVBoxLayout(body);
    column->setContentsMargins(kCardPadding, kCardPadding, kCardPadding, kCardPadding);
    column->setSpacing(kGrid);
    auto* title = new QHBoxLayout;
    title->setSpacing(kGrid);
    m_heading->setObjectName(QStringLiteral("eventHeading"));
    m_number->setAlignment(Qt::AlignRight);
    title->addWidget(m_symbol);
    title->addWidget(m_heading, 1);
    title->addWidget(m_number);
    m_story->setHorizontalSpacing(2 * kGrid);
    m_story->setVerticalSpacing(4);
    m_growthTitle->setSpans({ { tr("Who grows "), Ink::Value, QFont::DemiBold }, { tr("MB/step"), Ink::Unit } });
    m_text->setObjectName(QStringLiteral("eventText"));
    m_text->setTextFormat(Qt::PlainText);
    m_text->setWordWrap(true);
    m_text->setFont(typeFont(QApplication::font(), TypeSize::Legend));
    m_text->setProperty("tone", QStringLiteral("2"));
    column->addLayout(title);
    column->addWidget(m_text);
    column->addLayout(m_story);
    column->addWidget(m_growthTitle);
    column->addWidget(m_growth);
    for (TextLabel*& site : m_sites) {
        site = new TextLabel(TypeSize::Unit);
        column->addWidget(site);
    }
    column->addStretch();
    auto* scroll = new QScrollArea(this);
    scroll->setObjectName(QStringLiteral("eventDetails"));
    scroll->setAccessibleName(tr("The chosen event"));
    scroll->setWidgetResizable(true);
    scroll->setWidget(body);
    scroll->setProperty("line", QStringLiteral("top"));
    return scroll;
}

void EventPanel::display(const session::Snapshot& snapshot)
{
    m_model->display(snapshot.events);
    m_leak = snapshot.memory.leak;
    m_limit = snapshot.config.inForce ? snapshot.config.inForce->training.memoryLeakThresholdMb : 0.0;
    const auto guarded = std::ranges::count_if(snapshot.events, [](const session::Event& event) { return isOfGuardian(event.kind); });
    m_all->setText(tr("All %1").arg(format::count(static_cast<std::int64_t>(snapshot.events.size()))));
    m_guardian->setText(tr("Guardian %1").arg(format::count(guarded)));
    displayDetails();
}

void EventPanel::choose(std::uint64_t id)
{
    const QModelIndex index = m_filter->mapFromSource(m_model->index(m_model->rowOf(id), 0));
    if (index.isValid()) {
        m_table->setCurrentIndex(index);
        m_table->scrollTo(index);
    }
}

void EventPanel::chooseEvidence()
{
    m_search->clear();
    for (int row = 0; row < m_model->rowCount(); ++row) {
        const QModelIndex index = m_model->index(row, 0);
        const auto kind = static_cast<session::EventKind>(index.data(EventModel::KindRole).toInt());
        if (lookOf(kind).tone == Tone::Failed) {
            choose(index.data(EventModel::IdRole).toULongLong());
            return;
        }
    }
}

void EventPanel::currentChanged(const QModelIndex& current)
{
    m_shown = current.isValid() ? current.data(EventModel::IdRole).toULongLong() : 0;
    displayDetails();
}

void EventPanel::go(const QModelIndex& index)
{
    if (const auto event = m_model->event(index.data(EventModel::IdRole).toULongLong())) {
        emit eventChosen(*event);
    }
}

void EventPanel::displayDetails()
{
    const auto event = m_model->event(m_shown);
    m_details->setVisible(event.has_value());
    if (!event) {
        return;
    }
    const Look look = lookOf(event->kind);
    m_symbol->setSymbol(look.symbol, look.tone);
    m_heading->setText(tr("%1 at step %2").arg(format::sentence(look.word), format::count(event->step)), Ink::Value, QFont::DemiBold);
    m_number->setText(tr("event %1").arg(event->id), Ink::Unit);
    constexpr qsizetype kLongestText = 600;
    m_text->setText(format::sentence(format::text(event->text).left(kLongestText).simplified()));
    const auto story = storyOf(*event);
    while (m_story->rowCount() > static_cast<int>(story.size())) {
        m_story->removeRow(m_story->rowCount() - 1);
    }
    while (m_story->rowCount() < static_cast<int>(story.size())) {
        m_story->addRow(new TextLabel(TypeSize::Legend), new TextLabel(TypeSize::Legend));
    }
    for (int row = 0; row < m_story->rowCount(); ++row) {
        const auto& [name, value] = story[static_cast<std::size_t>(row)];
        static_cast<TextLabel*>(m_story->itemAt(row, QFormLayout::LabelRole)->widget())->setText(name, Ink::Label);
        static_cast<TextLabel*>(m_story->itemAt(row, QFormLayout::FieldRole)->widget())->setText(value);
    }
    const bool leaks = m_leak.decision != memory::Decision::None && !m_leak.growth.empty()
        && (event->kind == session::EventKind::Act || event->kind == session::EventKind::Warn);
    m_growthTitle->setVisible(leaks);
    m_growth->setVisible(leaks);
    if (leaks) {
        m_growth->setGrowth(m_leak.growth, m_limit);
    }
    for (std::size_t i = 0; i < m_sites.size(); ++i) {
        const bool isThere = leaks && i < m_leak.sites.size();
        m_sites[i]->setVisible(isThere);
        if (isThere) {
            const auto& site = m_leak.sites[i];
            m_sites[i]->setSpans({ { tr("%1 MB/step  ").arg(format::decimal(site.mbPerStep, 2)), Ink::Value, QFont::DemiBold }, { format::text(site.site).left(160), Ink::Label } });
        }
    }
}

} // namespace dubito::ui
