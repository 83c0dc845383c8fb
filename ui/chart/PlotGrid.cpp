// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/chart/PlotGrid.h"

#include "ui/Theme.h"

#include <QKeyEvent>

namespace dubito::ui::chart {

namespace {

constexpr int kTwoColumns = 640; // pixels from which two columns can be read

} // namespace

PlotGrid::PlotGrid(QWidget* parent)
    : QWidget(parent)
    , m_grid(new QGridLayout(this))
{
    setObjectName(QStringLiteral("plotGrid"));
    m_grid->setContentsMargins(0, 0, 0, 0);
    m_grid->setSpacing(kGrid);
}

void PlotGrid::add(PlotPanel* panel)
{
    panel->setParent(this);
    m_panels.push_back(panel);
    connect(&panel->plot(), &Plot::enlargeWanted, this,
        [this, panel] { enlarge(m_enlarged == panel ? nullptr : panel); });
    arrange();
}

void PlotGrid::display(const session::Snapshot& snapshot)
{
    for (PlotPanel* panel : m_panels) {
        if (m_enlarged == nullptr || panel == m_enlarged) {
            panel->display(snapshot);
        }
    }
}

void PlotGrid::enlarge(PlotPanel* panel)
{
    if (panel == m_enlarged) {
        return;
    }
    m_enlarged = panel;
    arrange();
    emit enlargedChanged();
    emit snapshotWanted();
}

void PlotGrid::arrange()
{
    const int count = static_cast<int>(m_panels.size());
    for (int i = 0; i < count; ++i) {
        PlotPanel* panel = m_panels[static_cast<std::size_t>(i)];
        m_grid->removeWidget(panel);
        panel->plot().setEnlarged(panel == m_enlarged);
        const bool isLowest = panel == m_enlarged || i + m_columns >= count;
        panel->plot().setXLabels(isLowest ? XLabels::Shown : XLabels::Hidden);
        if (m_enlarged == nullptr) {
            m_grid->addWidget(panel, i / m_columns, i % m_columns);
        }
        panel->setVisible(m_enlarged == nullptr || panel == m_enlarged);
    }
    if (m_enlarged != nullptr) {
        m_grid->addWidget(m_enlarged, 0, 0);
    }
    for (int row = 0; row < count; ++row) {
        const int rows = m_enlarged != nullptr ? 1 : (count + m_columns - 1) / m_columns;
        // The lowest row has the numbers of the x-axis below its plots: a little more height keeps the plots equal.
        m_grid->setRowStretch(row, row >= rows ? 0 : row == rows - 1 ? 11 : 10);
    }
    m_grid->setColumnStretch(0, 1);
    m_grid->setColumnStretch(1, m_enlarged == nullptr && m_columns == 2 ? 1 : 0);
    setMinimumHeight(m_columns == 1 && m_enlarged == nullptr ? count * 200 : 0);
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
