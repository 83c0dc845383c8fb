// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/ChartArea.h"

#include "ui/chart/PlotBar.h"
#include "ui/chart/PlotExport.h"
#include "ui/chart/PlotGrid.h"
#include "ui/chart/PlotGroup.h"
#include "ui/chart/ZoomDetail.h"
#include "ui/memory/CategoryPlot.h"
#include "ui/memory/LadderStrip.h"
#include "ui/memory/LeakPlot.h"
#include "ui/memory/MachinePlot.h"
#include "ui/memory/MemoryPlot.h"
#include "ui/metrics/GradientPlot.h"
#include "ui/metrics/HeldOutPlot.h"
#include "ui/metrics/LearningRatePlot.h"
#include "ui/metrics/LossPlot.h"
#include "ui/metrics/SharesPlot.h"
#include "ui/metrics/ThroughputPlot.h"

#include <QScrollArea>
#include <QVBoxLayout>

#include <algorithm>

namespace dubito::ui {

using reload::Outcome;
using reload::Rung;

namespace {

constexpr int kLadderStaysMilliseconds = 6000;

/// RETAINED and GIVE UP stay until they are answered.
bool waitsForAnAnswer(const session::Snapshot& snapshot)
{
    return train::isActive(snapshot.run.state) && snapshot.run.state == train::RunState::Paused
        && (snapshot.reload.lastOutcome == Outcome::Retained || snapshot.reload.lastOutcome == Outcome::GaveUp);
}

} // namespace

ChartArea::ChartArea(QWidget* parent)
    : Panel(parent)
    , m_answers(new AnswerCards(this))
    , m_banner(new Banner(this))
    , m_ladder(new LadderStrip(this))
    , m_group(new chart::PlotGroup(this))
    , m_detail(new chart::ZoomDetail(*m_group, this))
    , m_bar(new chart::PlotBar(*m_group, this))
    , m_grid(new chart::PlotGrid(this))
{
    setObjectName(QStringLiteral("chartArea"));
    addPlots();
    m_ladder->hide();
    m_ladderLeaves.setSingleShot(true);
    m_ladderLeaves.setInterval(kLadderStaysMilliseconds);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(kGrid, kGrid, kGrid, kGrid);
    layout->setSpacing(kGrid);
    layout->addWidget(m_answers);
    layout->addWidget(m_banner);
    layout->addWidget(m_ladder);
    layout->addWidget(m_bar);
    auto* scroll = new QScrollArea; // for a window so narrow that the charts stand in one column
    scroll->setObjectName(QStringLiteral("chartScroll"));
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setFocusPolicy(Qt::NoFocus);
    scroll->setWidgetResizable(true);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setWidget(m_grid);
    layout->addWidget(scroll, 1);
    connect(&m_ladderLeaves, &QTimer::timeout, m_ladder, &QWidget::hide);
    connect(m_group, &chart::PlotGroup::eventChosen, this, &ChartArea::eventChosen);
    connect(m_grid, &chart::PlotGrid::snapshotWanted, this, &ChartArea::snapshotWanted);
    connect(m_detail, &chart::ZoomDetail::snapshotWanted, this, &ChartArea::snapshotWanted);
    connect(m_detail, &chart::ZoomDetail::arrived, this, &ChartArea::drawAnew);
}

/// Wide: the six that answer, and those for a closer look. Small: the same, four at a time.
void ChartArea::addPlots()
{
    using chart::PlotPanel;
    PlotPanel* const memory = new dubito::ui::memory::MemoryPlot(*m_group);
    PlotPanel* const leak = new dubito::ui::memory::LeakPlot(*m_group);
    PlotPanel* const loss = new dubito::ui::metrics::LossPlot(*m_group);
    PlotPanel* const category = new dubito::ui::memory::CategoryPlot(*m_group);
    PlotPanel* const throughput = new dubito::ui::metrics::ThroughputPlot(*m_group);
    PlotPanel* const shares = new dubito::ui::metrics::SharesPlot(*m_group);
    PlotPanel* const rate = new dubito::ui::metrics::LearningRatePlot(*m_group);
    PlotPanel* const norm = new dubito::ui::metrics::GradientPlot(*m_group);
    PlotPanel* const heldOut = new dubito::ui::metrics::HeldOutPlot(*m_group);
    PlotPanel* const machine = new dubito::ui::memory::MachinePlot(*m_group);
    m_grid->setPages({ { tr("Overview"), { memory, leak, loss, category, throughput, shares } }, { tr("Details"), { rate, norm, heldOut, machine } } },
        { { tr("Memory, loss"), { memory, leak, loss, category } }, { tr("Data, speed"), { throughput, shares, heldOut, machine } },
            { tr("Steps"), { rate, norm } } });
    const auto tellPages = [this] { m_bar->setPages(m_grid->pageTitles(), m_grid->page()); };
    connect(m_grid, &chart::PlotGrid::pagesChanged, this, tellPages);
    connect(m_bar, &chart::PlotBar::pageChosen, m_grid, &chart::PlotGrid::setPage);
    tellPages();
}

void ChartArea::setPaging(chart::Paging paging) { m_grid->setPaging(paging); }

void ChartArea::turnTo(int page) { m_grid->setPage(page); }

ChartLook ChartArea::look() const
{
    return { m_grid->page(), static_cast<int>(m_group->unit()), static_cast<int>(m_group->preset()), m_group->smoothing() };
}

void ChartArea::setLook(const ChartLook& look)
{
    if (look.page >= 0 && look.page < m_grid->pageTitles().size()) {
        m_grid->setPage(look.page);
    }
    if (look.unit == static_cast<int>(chart::XUnit::Step) || look.unit == static_cast<int>(chart::XUnit::Time)) {
        m_group->setUnit(static_cast<chart::XUnit>(look.unit));
    }
    if (look.preset >= 0 && look.preset <= static_cast<int>(chart::Preset::Last200)) {
        m_group->setPreset(static_cast<chart::Preset>(look.preset));
    }
    if (look.smoothing >= 0 && look.smoothing < 1) {
        m_group->setSmoothing(look.smoothing);
    }
}

void ChartArea::display(const session::Snapshot& snapshot)
{
    m_answers->display(snapshot);
    m_banner->display(snapshot);
    displayLadder(snapshot);
    m_group->advance(snapshot);
    m_grid->display(m_detail->refined(snapshot));
    m_bar->setFold(m_detail->isTooMuch() ? chart::longestFold(snapshot.series, m_group->view(1)) : 0);
}

void ChartArea::displayLadder(const session::Snapshot& snapshot)
{
    m_ladder->display(snapshot);
    if (snapshot.reload.rung != Rung::Rest || waitsForAnAnswer(snapshot)) {
        m_ladderLeaves.stop();
        m_ladder->show();
    } else if (!m_ladder->isHidden() && !m_ladderLeaves.isActive()) {
        m_ladderLeaves.start();
    }
}

void ChartArea::go(const session::Event& event) { m_group->showEvent(event); }

void ChartArea::compareWith(const SnapshotPointer& beside)
{
    for (chart::PlotPanel* panel : m_grid->panels()) {
        panel->setBeside(beside);
    }
    emit snapshotWanted();
}

void ChartArea::drawAnew()
{
    for (chart::PlotPanel* panel : m_grid->panels()) {
        panel->forget();
    }
    emit snapshotWanted();
}

std::vector<ReportPicture> ChartArea::pictures() const
{
    constexpr QSizeF kSize(960, 360);
    std::vector<ReportPicture> all;
    for (chart::PlotPanel* panel : m_grid->panels()) {
        chart::Plot& plot = panel->plot();
        plot.drawNow();
        const chart::PaintPlot paint = [&plot](QPainter& painter, const QSizeF& size) { plot.paintForExport(painter, size); };
        all.push_back({ plot.content().title, chart::toSvg(paint, kSize) });
    }
    return all;
}

void ChartArea::toggleEnlarged()
{
    if (m_grid->enlarged() != nullptr) {
        m_grid->enlarge(nullptr);
        return;
    }
    const auto shown = m_grid->shownPanels();
    const auto focused = std::ranges::find_if(shown, [this](const chart::PlotPanel* panel) { return panel->isAncestorOf(focusWidget()); });
    m_grid->enlarge(focused == shown.end() ? shown.front() : *focused);
}

} // namespace dubito::ui
