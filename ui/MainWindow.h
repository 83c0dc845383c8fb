// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/session/SessionApi.h"
#include "ui/SnapshotSignals.h"
#include "ui/Theme.h"

#include <QMainWindow>
#include <QPalette>
#include <QTimer>

#include <cstdint>

class QDockWidget;
class QStackedWidget;

namespace dubito::ui {

class ChartArea;
class ConfigPanel;
class EmptyPage;
class EventPanel;
class HealthPanel;
class LogPanel;
class MainMenus;
class MorningCard;
class Notifier;
class Panel;
class RunActions;
class RunBar;
class RunToolBar;
class ScorePanel;
class SideTabs;
class SleepInhibitor;
class StatusLine;
class WindowShape;
enum class WindowView : std::uint8_t;

/// The window: puts the panels together, hands them snapshots, and posts what they ask for.
///
/// Only visible panels are told; one that becomes visible is told at once. Closing it while a run is active posts Stop
/// and waits for the end of the run, with a message if that takes longer than a second.
class MainWindow final : public QMainWindow {
    Q_OBJECT

public:
    /// What is remembered from one start to the next.
    enum class Memory : std::uint8_t { Remember, Forget };

    /// `api` and `signals` must outlive the window. It does not start the polling: Application does.
    MainWindow(session::SessionApi& api, SnapshotSignals& snapshots, Memory memory = Memory::Remember);
    ~MainWindow() override;

    void setTheme(ThemeChoice choice);

    /// Shows a view, as its menus and buttons would.
    void turnTo(WindowView view);

    ConfigPanel& config() { return *m_config; }

public Q_SLOTS:
    void display(dubito::ui::SnapshotPointer snapshot);
    void post(const dubito::session::Command& command);

protected:
    void closeEvent(QCloseEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void changeEvent(QEvent* event) override;
    void hideEvent(QHideEvent* event) override;
    void showEvent(QShowEvent* event) override;

private:
    void makeDocks();
    void connectPanels();
    void connectMenus();
    void displayPage(const session::Snapshot& snapshot);
    void displayTitle(const session::Snapshot& snapshot);
    void askForDrill();
    void askForRun();
    bool isSeen() const { return isVisible() && !isMinimized(); }
    void watch();
    void remember();
    void recall();

    session::SessionApi& m_api;
    SnapshotSignals& m_snapshots;
    Memory m_memory;
    QPalette m_desktop; ///< as it was before we chose a theme
    ThemeChoice m_theme = ThemeChoice::System;
    SnapshotPointer m_last;
    RunActions* m_actions;
    MainMenus* m_menus;
    RunBar* m_runBar;
    RunToolBar* m_toolBar;
    QStackedWidget* m_pages;
    EmptyPage* m_empty;
    ChartArea* m_charts;
    HealthPanel* m_health;
    SideTabs* m_tabs;
    ConfigPanel* m_config;
    EventPanel* m_events;
    ScorePanel* m_scores;
    LogPanel* m_log;
    StatusLine* m_status;
    QDockWidget* m_healthDock;
    QDockWidget* m_sideDock;
    Notifier* m_notifier;
    SleepInhibitor* m_inhibitor;
    MorningCard* m_morning;
    WindowShape* m_shape;
    QTimer m_slowStop;
    bool m_isClosing = false;
};

} // namespace dubito::ui
