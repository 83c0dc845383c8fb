// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/session/CurveExport.h"
#include "backend/session/RunOpener.h"
#include "ui/SnapshotSignals.h"

#include <QObject>
#include <QTimer>

#include <cstdint>
#include <memory>
#include <vector>

class QAction;
class QMenu;
class QWidget;

namespace dubito::ui {

class RecordedWindow;

/// Recorded runs, for the File menu: open one in a window of its own, lay one beside the present run, and say in what
/// their configurations differ. The window goes on while a run is read.
///
/// Main thread. At most kMostWindows recorded runs are open at a time.
class RunShelf final : public QObject {
    Q_OBJECT

public:
    static constexpr std::size_t kMostWindows = 8;

    /// `window` outlives this; dialogs stand before it.
    explicit RunShelf(QWidget& window);
    ~RunShelf() override;

    /// Adds the actions to a menu.
    void addTo(QMenu& menu);

    /// The run of the window, to be remembered and compared.
    void display(const session::Snapshot& snapshot);

    /// Asks for a folder, and opens it.
    void ask() { askAnd(&RunShelf::open); }
    void open(const QString& folder);
    void compare(const QString& folder);
    void stopComparing();
    /// Every step of the window's run, as CSV; the window goes on meanwhile.
    void saveCurves(const QString& path);

signals:
    /// Lay this run beside; null: none any more.
    void besideChanged(dubito::ui::SnapshotPointer beside);
    /// Somebody goes on with a recorded run from its own window.
    void commandWanted(const dubito::session::Command& command);
    /// One sentence for the status line.
    void said(const QString& sentence);

private:
    enum class Purpose : std::uint8_t { Window, Beside };

    void askAnd(void (RunShelf::*then)(const QString&));
    void read(const QString& folder, Purpose purpose);
    void look();
    void lookAtCurves();
    void askForCurves();
    void showWindow(std::unique_ptr<session::Replay> run);
    void showDifference();
    void fillRecent();

    QWidget& m_window;
    QMenu* m_recent = nullptr;
    QAction* m_difference = nullptr;
    QAction* m_stop = nullptr;
    QAction* m_curves = nullptr;
    Purpose m_purpose = Purpose::Window;
    std::unique_ptr<session::RunOpener> m_opener;
    std::unique_ptr<session::CurveExport> m_export;
    QTimer m_look; ///< at the opener, while there is one
    QTimer m_lookAtCurves; ///< at the export, while there is one
    std::vector<std::unique_ptr<RecordedWindow>> m_windows;
    SnapshotPointer m_beside;
    QString m_runName;
    QString m_runFolder;
    config::ConfigStatus m_config;
};

} // namespace dubito::ui
