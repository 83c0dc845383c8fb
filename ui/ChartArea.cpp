// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/ChartArea.h"

#include "ui/chart/PlotBar.h"
#include "ui/chart/PlotGrid.h"
#include "ui/chart/PlotGroup.h"
#include "ui/memory/CategoryPlot.h"
#include "ui/memory/LadderStrip.h"
#include "ui/memory/LeakPlot.h"
#include "ui/memory/MemoryPlot.h"
#include "ui/metrics/LossPlot.h"
#include "ui/metrics/SharesPlot.h"
#include "ui/metrics/ThroughputPlot.h"

#include <QVBoxLayout>

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
    , m_bar(new chart::PlotBar(*m_group, this))
    , m_grid(new chart::PlotGrid(this))
{
    setObjectName(QStringLiteral("chartArea"));
    m_grid->add(new dubito::ui::memory::MemoryPlot(*m_group));
    m_grid->add(new dubito::ui::memory::LeakPlot(*m_group));
    m_grid->add(new dubito::ui::metrics::LossPlot(*m_group));
    m_grid->add(new dubito::ui::memory::CategoryPlot(*m_group));
    m_grid->add(new dubito::ui::metrics::ThroughputPlot(*m_group));
    m_grid->add(new dubito::ui::metrics::SharesPlot(*m_group));
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
    layout->addWidget(m_grid, 1);
    connect(&m_ladderLeaves, &QTimer::timeout, m_ladder, &QWidget::hide);
    connect(m_group, &chart::PlotGroup::eventChosen, this, &ChartArea::eventChosen);
    connect(m_grid, &chart::PlotGrid::snapshotWanted, this, &ChartArea::snapshotWanted);
}

void ChartArea::display(const session::Snapshot& snapshot)
{
    m_answers->display(snapshot);
    m_banner->display(snapshot);
    displayLadder(snapshot);
    m_group->advance(snapshot);
    m_grid->display(snapshot);
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

void ChartArea::toggleEnlarged()
{
    if (m_grid->enlarged() != nullptr) {
        m_grid->enlarge(nullptr);
        return;
    }
    for (chart::PlotPanel* panel : m_grid->panels()) {
        if (panel->isAncestorOf(focusWidget())) {
            m_grid->enlarge(panel);
            return;
        }
    }
    m_grid->enlarge(m_grid->panels().front());
}

} // namespace dubito::ui
