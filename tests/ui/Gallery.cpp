// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/FakeSession.h"
#include "tests/support/SnapshotBuilder.h"
#include "ui/ChartArea.h"
#include "ui/MainWindow.h"
#include "ui/SideTabs.h"
#include "ui/WindowShape.h"
#include "ui/chart/PlotGrid.h"
#include "ui/config/ConfigModel.h"
#include "ui/config/ConfigPanel.h"
#include "ui/session/EventPanel.h"

#include <QApplication>
#include <QDir>
#include <QElapsedTimer>
#include <QLineEdit>

#include <cstdio>

// Pictures of the window in every state and theme, to be looked at: ui_gallery DIR. Not a test.
namespace {

using dubito::tests::FakeSession;
using dubito::tests::SnapshotBuilder;
using dubito::ui::ConfigPanel;
using dubito::ui::EventPanel;
using dubito::ui::MainWindow;
using dubito::ui::SideTabs;
using dubito::ui::SnapshotSignals;
using dubito::ui::ThemeChoice;
using dubito::ui::WindowShape;

struct Shot {
    const char* name;
    dubito::session::Snapshot snapshot;
    ThemeChoice theme;
    QSize size;
    int tab;
};

void settle()
{
    QElapsedTimer since;
    since.start();
    while (since.elapsed() < 900) {
        QApplication::processEvents(QEventLoop::AllEvents, 50);
    }
}

void editSome(ConfigPanel& panel)
{
    panel.model().edit(QStringLiteral("memory.pause_available_gb"), QStringLiteral("4"));
    panel.model().edit(QStringLiteral("memory.abort_available_gb"), QStringLiteral("4.5"));
    panel.model().edit(QStringLiteral("training.learning_rate"), QStringLiteral("0.0002"));
}

void take(const Shot& shot, const QString& folder)
{
    FakeSession session;
    session.show(shot.snapshot);
    SnapshotSignals snapshots(session);
    MainWindow window(session, snapshots, MainWindow::Memory::Forget);
    window.setTheme(shot.theme);
    window.resize(shot.size);
    window.show();
    snapshots.poll();
    if (shot.tab >= 0) {
        window.findChild<SideTabs*>()->openAt(shot.tab);
    }
    if (QLatin1String(shot.name).startsWith(QLatin1String("data"))) {
        window.findChild<WindowShape*>()->enlargeSide();
    }
    if (QLatin1String(shot.name) == QLatin1String("details")) {
        window.findChild<dubito::ui::chart::PlotGrid*>()->setPage(1);
    }
    if (shot.tab == 0) {
        editSome(window.config());
    }
    if (QLatin1String(shot.name) == QLatin1String("leak-act")) {
        window.findChild<EventPanel*>()->chooseEvidence();
    } else if (QLatin1String(shot.name) == QLatin1String("main-dark")) {
        window.findChild<QLineEdit*>(QStringLiteral("configSearch"))->setText(QStringLiteral("memory."));
    }
    settle();
    const QString file = QDir(folder).filePath(QLatin1String(shot.name) + QStringLiteral(".png"));
    std::printf("%s %s\n", file.toUtf8().constData(), window.grab().save(file) ? "written" : "NOT WRITTEN");
}

} // namespace

int main(int argc, char** argv)
{
    QApplication application(argc, argv);
    QFont font(QStringLiteral("Noto Sans"));
    font.setPointSizeF(9.75);
    QApplication::setFont(font);
    const QString folder = QString::fromLocal8Bit(argc > 1 ? argv[1] : ".");
    const QString only = QString::fromLocal8Bit(argc > 2 ? argv[2] : "");
    const QSize full(1600, 960);
    const std::vector<Shot> shots {
        { "main-light", SnapshotBuilder().recorded().build(), ThemeChoice::Light, full, 0 },
        { "main-dark", SnapshotBuilder().recorded().build(), ThemeChoice::Dark, full, 0 },
        { "main-contrast", SnapshotBuilder().recorded().build(), ThemeChoice::HighContrast, full, 1 },
        { "leak-act", SnapshotBuilder().leaking().build(), ThemeChoice::Light, full, 1 },
        { "failed", SnapshotBuilder().failed().build(), ThemeChoice::Dark, full, 3 },
        { "data", SnapshotBuilder().recorded().build(), ThemeChoice::Light, full, 2 },
        { "data-dark", SnapshotBuilder().recorded().build(), ThemeChoice::Dark, full, 2 },
        { "side-data", SnapshotBuilder().recorded().build(), ThemeChoice::Light, full, 2 },
        { "details", SnapshotBuilder().recorded().build(), ThemeChoice::Light, full, 1 },
        { "empty", SnapshotBuilder().build(), ThemeChoice::Light, full, -1 },
        { "narrow", SnapshotBuilder().recorded().build(), ThemeChoice::Light, QSize(1100, 660), -1 },
        { "huge", SnapshotBuilder().huge().build(), ThemeChoice::Light, full, 1 },
        { "few", SnapshotBuilder().recorded(30).build(), ThemeChoice::Light, full, 1 },
    };
    for (const Shot& shot : shots) {
        if (only.isEmpty() || only == QLatin1String(shot.name)) {
            take(shot, folder);
        }
    }
    return 0;
}
