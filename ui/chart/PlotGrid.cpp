// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/chart/PlotGrid.h"

#include "ui/Theme.h"

#include <QKeyEvent>

#include <algorithm>

namespace dubito::ui::chart {

namespace {

constexpr int kTwoColumns = 640; // pixels from which two columns can be read
constexpr int kLowest = 180; // pixels of a plot in a column that scrolls

} // namespace

PlotGrid::PlotGrid(QWidget* parent)
    : QWidget(parent)
    , m_grid(new QGridLayout(this))
{
    setObjectName(QStringLiteral("plotGrid"));
    m_grid->setContentsMargins(0, 0, 0, 0);
    m_grid->setSpacing(kGrid);
}

void PlotGrid::setPages(std::vector<PlotPage> wide, std::vector<PlotPage> small)
{
    m_pages = { std::move(wide), std::move(small) };
    for (const PlotPage& page : m_pages[0]) {
        for (PlotPanel* panel : page.panels) {
            adopt(panel);
        }
    }
    arrange();
}

void PlotGrid::add(PlotPanel* panel)
{
    for (auto& pages : m_pages) {
        pages.resize(std::max<std::size_t>(1, pages.size()));
        pages.front().panels.push_back(panel);
    }
    adopt(panel);
    arrange();
}

void PlotGrid::adopt(PlotPanel* panel)
{
    panel->setParent(this);
    m_panels.push_back(panel);
    connect(&panel->plot(), &Plot::enlargeWanted, this, [this, panel] { enlarge(m_enlarged == panel ? nullptr : panel); });
    connect(panel, &PlotPanel::snapshotWanted, this, &PlotGrid::snapshotWanted);
}

int PlotGrid::pageOf(const PlotPanel* panel) const
{
    const auto holds = [panel](const PlotPage& page) { return std::ranges::find(page.panels, panel) != page.panels.end(); };
    const auto at = std::ranges::find_if(pages(), holds);
    return at == pages().end() ? 0 : static_cast<int>(at - pages().begin());
}

void PlotGrid::setPaging(Paging paging)
{
    if (paging == m_paging) {
        return;
    }
    const auto shown = shownPanels();
    m_paging = paging;
    m_page = shown.empty() ? 0 : pageOf(shown.front());
    arrange();
    emit pagesChanged();
    emit snapshotWanted();
}

void PlotGrid::setPage(int page)
{
    const int bounded = std::clamp(page, 0, std::max(0, static_cast<int>(pages().size()) - 1));
    if (bounded == m_page && m_enlarged == nullptr) {
        return;
    }
    const bool wasEnlarged = m_enlarged != nullptr;
    m_page = bounded;
    m_enlarged = nullptr;
    arrange();
    emit pagesChanged();
    if (wasEnlarged) {
        emit enlargedChanged();
    }
    emit snapshotWanted();
}

QStringList PlotGrid::pageTitles() const
{
    QStringList titles;
    for (const PlotPage& page : pages()) {
        titles << page.title;
    }
    return titles;
}

std::vector<PlotPanel*> PlotGrid::shownPanels() const
{
    if (m_enlarged != nullptr) {
        return { m_enlarged };
    }
    return pages().empty() ? std::vector<PlotPanel*> {} : pages()[static_cast<std::size_t>(m_page)].panels;
}

void PlotGrid::display(const session::Snapshot& snapshot)
{
    for (PlotPanel* panel : shownPanels()) {
        panel->display(snapshot);
    }
}

void PlotGrid::enlarge(PlotPanel* panel)
{
    if (panel == m_enlarged) {
        return;
    }
    m_enlarged = panel;
    const int page = panel != nullptr ? pageOf(panel) : m_page;
    const bool turned = page != m_page;
    m_page = page;
    arrange();
    if (turned) {
        emit pagesChanged();
    }
    emit enlargedChanged();
    emit snapshotWanted();
}

void PlotGrid::arrange()
{
    const auto shown = shownPanels();
    const int columns = m_enlarged != nullptr ? 1 : m_columns;
    for (PlotPanel* panel : m_panels) {
        m_grid->removeWidget(panel);
        panel->plot().setEnlarged(panel == m_enlarged);
        panel->setVisible(std::ranges::find(shown, panel) != shown.end());
    }
    const int count = static_cast<int>(shown.size());
    for (int i = 0; i < count; ++i) {
        PlotPanel* panel = shown[static_cast<std::size_t>(i)];
        panel->plot().setXLabels(i + columns >= count ? XLabels::Shown : XLabels::Hidden);
        m_grid->addWidget(panel, i / columns, i % columns);
    }
    const int rows = (count + columns - 1) / columns;
    for (int row = 0; row < static_cast<int>(m_panels.size()); ++row) {
        // The lowest row has the numbers of the x-axis below its plots: a little more height keeps the plots equal.
        m_grid->setRowStretch(row, row >= rows ? 0 : row == rows - 1 ? 11 : 10);
    }
    m_grid->setColumnStretch(0, 1);
    m_grid->setColumnStretch(1, columns == 2 ? 1 : 0);
    setMinimumHeight(columns == 1 && m_enlarged == nullptr ? count * kLowest : 0);
}

void PlotGrid::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    const int columns = event->size().width() >= kTwoColumns ? 2 : 1;
    if (columns != m_columns) {
        m_columns = columns;
        arrange();
    }
}

void PlotGrid::keyPressEvent(QKeyEvent* event)
{
    if (event->key() == Qt::Key_Escape && m_enlarged != nullptr) {
        enlarge(nullptr);
        return;
    }
    QWidget::keyPressEvent(event);
}

} // namespace dubito::ui::chart
