// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/chart/PlotPanel.h"

#include "backend/base/ThreadTime.h"
#include "ui/Format.h"
#include "ui/chart/Beside.h"
#include "ui/chart/PlotGroup.h"

#include <QVBoxLayout>

#include <algorithm>

namespace dubito::ui::chart {

using namespace std::chrono_literals;

namespace {

constexpr double kLarge = 8; // pixels that make a person look
constexpr double kSeen = 0.5;
constexpr auto kSlack = 250ms; // the next snapshot is mostly in time, and then nobody need ask

} // namespace

std::chrono::milliseconds patienceFor(double pixels)
{
    if (!(pixels < kLarge)) {
        return 0ms;
    }
    return pixels < kSeen ? 1000ms : 400ms;
}

std::chrono::nanoseconds restAfter(std::chrono::nanoseconds cost)
{
    return std::clamp<std::chrono::nanoseconds>(200 * cost, 0ms, 2s);
}

PlotPanel::PlotPanel(PlotGroup& group, ContentOf contentOf, QWidget* parent)
    : Panel(parent)
    , m_group(group)
    , m_contentOf(contentOf)
    , m_plot(new Plot(group, this))
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_plot);
    m_plot->setContent(contentOf({}));
    m_late.setSingleShot(true);
    connect(&m_late, &QTimer::timeout, this, &PlotPanel::snapshotWanted);
}

PlotPanel::Words PlotPanel::wordsOf(const session::Snapshot& snapshot)
{
    return { .runName = snapshot.run.runName,
        .state = snapshot.run.state,
        .decision = snapshot.memory.leak.decision,
        .config = snapshot.config.revision,
        .series = snapshot.series.size() };
}

/// What is left of it; not positive: the news is due.
std::chrono::nanoseconds PlotPanel::patience(const session::Snapshot& snapshot) const
{
    const bool goesOn = m_revision && snapshot.run.state == train::RunState::Running && snapshot.run.step >= m_step
        && wordsOf(snapshot) == m_words;
    if (!goesOn) {
        return 0ms;
    }
    const double moved = m_group.unit() == XUnit::Step
        ? static_cast<double>(snapshot.run.step - m_step)
        : std::chrono::duration<double>(snapshot.run.elapsed - m_time).count();
    const std::chrono::nanoseconds seen = patienceFor(moved / m_group.range().span() * m_plot->canvas().columns());
    const std::chrono::nanoseconds paid = restAfter(m_cost + m_plot->cost());
    return std::max(seen, paid) - std::chrono::nanoseconds(m_sinceContent.nsecsElapsed());
}

void PlotPanel::setBeside(std::shared_ptr<const session::Snapshot> beside)
{
    m_beside = std::move(beside);
    forget();
}

void PlotPanel::display(const session::Snapshot& snapshot)
{
    m_group.advance(snapshot);
    if (m_revision == snapshot.revision) {
        return;
    }
    if (const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(patience(snapshot)); left > 0ms) {
        if (!m_late.isActive()) {
            m_late.start(left + kSlack);
        }
        return;
    }
    m_late.stop();
    m_revision = snapshot.revision;
    m_words = wordsOf(snapshot);
    m_step = snapshot.run.step;
    m_time = snapshot.run.elapsed;
    m_sinceContent.start();
    const auto begin = threadTime();
    PlotContent content = m_contentOf(snapshot);
    if (m_beside) {
        layBeside(content, m_contentOf(*m_beside), format::text(m_beside->run.runName));
    }
    m_plot->setContent(std::move(content));
    m_cost = threadTime() - begin;
}

} // namespace dubito::ui::chart
