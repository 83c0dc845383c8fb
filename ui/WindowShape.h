// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>

#include <cstdint>

class QDockWidget;
class QMainWindow;
class QStackedWidget;
class QToolBar;

namespace dubito::ui {

class ChartArea;
class HealthPanel;
class RunBar;
class ScorePanel;
class SideTabs;

/// The parts of the window whose room is divided. All of them outlive the shape.
struct WindowParts {
    QToolBar* toolBar;
    RunBar* runBar;
    QStackedWidget* pages;
    ChartArea* charts;
    HealthPanel* health;
    SideTabs* tabs;
    ScorePanel* scores;
};

/// What can be turned to as a whole: from a menu, from a test, for a picture.
enum class WindowView : std::uint8_t { Overview, Details, Data, Evidence, Night };

/// How the window divides its room: what folds as it becomes narrow, and the side panel that is enlarged over the charts.
///
/// Folding, in this order as the width falls: button words, health to a rail, side panels to tabs, charts to pages.
class WindowShape final : public QObject {
    Q_OBJECT

public:
    WindowShape(QMainWindow& window, const WindowParts& parts);

    /// Fits the parts to the width of the window.
    void fold();
    /// The user wants health with its reasons, although the window is narrow.
    void unfoldHealth();

    /// Enlarges what has the focus, a side panel or a chart, or goes back.
    void toggleEnlarged();
    void enlargeSide();
    void backToCharts();
    bool isSideEnlarged() const;
    /// Charts and side panel of a view; what lies above them (evidence, night) is MainWindow's.
    void turnTo(WindowView view);

    /// Focus to the first control of the next of: tool bar, health, charts, side panels.
    void nextPanel();

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

signals:
    /// Charts or a panel have come into sight and want the present snapshot.
    void snapshotWanted();

private:
    void arrange();
    bool mustFold() const;
    void setSideWidth(int pixels);

    QMainWindow& m_window;
    WindowParts m_parts;
    int m_sideWidth = 0; ///< beside the charts, while the window was last wide enough; 0: not yet
    bool m_isFolded = false;
    bool m_healthUnfolded = false;
};

} // namespace dubito::ui
