// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/chart/PlotPanel.h"

#include <QGridLayout>
#include <QStringList>
#include <QWidget>

#include <array>
#include <cstdint>
#include <vector>

namespace dubito::ui::chart {

/// How many plots a page holds: six in a wide window, four in a small one.
enum class Paging : std::uint8_t { Wide, Small };

/// Some plots that are seen together.
struct PlotPage {
    QString title;
    std::vector<PlotPanel*> panels;
};

/// Plot panels on pages of two columns, or of one where it is narrow; any of them can be enlarged to fill it all.
///
/// Only the lowest plot of each column carries the numbers of the shared x-axis. Plots on other pages are hidden, and
/// cost nothing.
class PlotGrid : public QWidget {
    Q_OBJECT

public:
    explicit PlotGrid(QWidget* parent = nullptr);

    /// The pages of both pagings, over the same panels. The grid becomes the parent. Requires: every panel on one page of each.
    void setPages(std::vector<PlotPage> wide, std::vector<PlotPage> small);

    /// One more on the first page of both: for a grid of a few plots.
    void add(PlotPanel* panel);

    void setPaging(Paging paging); ///< the page that shows the first plot of the present one
    void setPage(int page);
    int page() const { return m_page; }
    QStringList pageTitles() const;

    /// Tells the visible ones.
    void display(const session::Snapshot& snapshot);

    /// Null: all of its page again. A panel on another page turns to it.
    void enlarge(PlotPanel* panel);
    PlotPanel* enlarged() const { return m_enlarged; }
    /// All of them, by page.
    const std::vector<PlotPanel*>& panels() const { return m_panels; }
    /// Those that can be seen.
    std::vector<PlotPanel*> shownPanels() const;

signals:
    void enlargedChanged();
    void pagesChanged(); ///< titles or the present page
    /// Panels have become visible and want the present snapshot.
    void snapshotWanted();

protected:
    void resizeEvent(QResizeEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    const std::vector<PlotPage>& pages() const { return m_pages[static_cast<std::size_t>(m_paging)]; }
    void adopt(PlotPanel* panel);
    int pageOf(const PlotPanel* panel) const;
    void arrange();

    QGridLayout* m_grid;
    std::array<std::vector<PlotPage>, 2> m_pages; ///< by Paging
    std::vector<PlotPanel*> m_panels; // children
    PlotPanel* m_enlarged = nullptr;
    Paging m_paging = Paging::Wide;
    int m_page = 0;
    int m_columns = 2;
};

} // namespace dubito::ui::chart
