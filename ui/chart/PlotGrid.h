// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/chart/PlotPanel.h"

#include <QGridLayout>
#include <QWidget>

#include <vector>

namespace dubito::ui::chart {

/// Plot panels in two columns, or in one that scrolls where it is narrow; any of them can be enlarged to fill it all.
///
/// Only the lowest plot of each column carries the numbers of the shared x-axis.
class PlotGrid : public QWidget {
    Q_OBJECT

public:
    explicit PlotGrid(QWidget* parent = nullptr);

    /// Row by row, in the order of the calls. The grid becomes the parent.
    void add(PlotPanel* panel);

    /// Tells the visible ones.
    void display(const session::Snapshot& snapshot);

    /// Null: all of them again.
    void enlarge(PlotPanel* panel);
    PlotPanel* enlarged() const { return m_enlarged; }
    const std::vector<PlotPanel*>& panels() const { return m_panels; }

signals:
    void enlargedChanged();
    /// Panels have become visible and want the present snapshot.
    void snapshotWanted();

protected:
    void resizeEvent(QResizeEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    void arrange();

    QGridLayout* m_grid;
    std::vector<PlotPanel*> m_panels; // children
    PlotPanel* m_enlarged = nullptr;
    int m_columns = 2;
};

} // namespace dubito::ui::chart
