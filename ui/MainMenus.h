// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/SnapshotSignals.h"
#include "ui/Theme.h"
#include "ui/train/RunActions.h"

#include <QObject>

class QAction;
class QMainWindow;
class QMenu;

namespace dubito::ui {

class RunShelf;

/// The menus of the window: every action is here, with a mnemonic and, where it is common, a shortcut.
class MainMenus final : public QObject {
    Q_OBJECT

public:
    /// Fills the menu bar of the window.
    MainMenus(QMainWindow& window, RunActions& run);

    void display(const session::Snapshot& snapshot);
    void setTheme(ThemeChoice choice);
    void openRun(const QString& folder); ///< a recorded one; of no folder: asks for one
    bool inhibitsSleep() const;
    bool notifies() const;
    void setInhibitsSleep(bool on);
    void setNotifies(bool on);

signals:
    void saveConfigWanted();
    void besideChanged(dubito::ui::SnapshotPointer beside); ///< a run to lay beside this one; null: none
    void said(const QString& sentence);
    void reportWanted(const QString& path);
    void pictureWanted(const QString& path);
    void tabWanted(int index);
    void enlargeWanted();
    void nextPanelWanted();
    void themeChosen(dubito::ui::ThemeChoice choice);
    void layoutResetWanted();
    void drillWanted();
    void commandWanted(const dubito::session::Command& command);
    void nightWanted();
    void newRunWanted();
    void settingsChanged();

private:
    QAction* add(QMenu* menu, const char* name, const QString& text, const QString& keys = {});
    void makeFile();
    void makeExports(QMenu& menu);
    void makeRun(RunActions& run);
    void makeView();
    void makeTools();
    void makeHelp();
    void tellAbout();
    void tellKeys();

    QMainWindow& m_window;
    RunShelf* m_shelf = nullptr;
    QAction* m_drill = nullptr;
    QAction* m_stopDrill = nullptr;
    QAction* m_cleanUp = nullptr;
    QAction* m_report = nullptr;
    QAction* m_night = nullptr;
    QAction* m_newRun = nullptr;
    QAction* m_sleep = nullptr;
    QAction* m_notify = nullptr;
    std::array<QAction*, 4> m_themes {};
};

} // namespace dubito::ui
