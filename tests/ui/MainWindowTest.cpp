// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/MainWindow.h"

#include "tests/support/FakeSession.h"
#include "tests/support/FindChild.h"
#include "tests/support/SnapshotBuilder.h"
#include "ui/SideTabs.h"
#include "ui/config/ConfigPanel.h"
#include "ui/log/LogPanel.h"
#include "ui/session/EmptyPage.h"

#include <gtest/gtest.h>

#include <QAction>
#include <QApplication>
#include <QListView>
#include <QPushButton>
#include <QStatusBar>
#include <QTest>
#include <QToolButton>

#include <set>

namespace dubito::ui {
namespace {

using tests::FakeSession;
using tests::findChild;
using tests::SnapshotBuilder;

struct MainWindowTest : testing::Test {
    MainWindowTest() { window.resize(1600, 1000); }
    ~MainWindowTest() override { applyTheme(*qApp, Scheme::Light); }

    void show(session::Snapshot snapshot)
    {
        session.show(std::move(snapshot));
        window.show();
        snapshots.poll();
        QApplication::processEvents();
    }

    QAction& action(const char* name) { return *window.findChild<QAction*>(QLatin1String(name)); }

    FakeSession session;
    SnapshotSignals snapshots { session };
    MainWindow window { session, snapshots, MainWindow::Memory::Forget };
};

TEST_F(MainWindowTest, ShowsEverySnapshotInEveryTheme)
{
    for (const auto theme : { ThemeChoice::Light, ThemeChoice::Dark, ThemeChoice::HighContrast }) {
        window.setTheme(theme);
        for (const auto& snapshot : { SnapshotBuilder().build(), SnapshotBuilder().recorded().build(), SnapshotBuilder().leaking().build(),
                 SnapshotBuilder().failed().build(), SnapshotBuilder().huge().build() }) {
            show(snapshot);
            EXPECT_FALSE(window.grab().isNull());
        }
    }
}

TEST_F(MainWindowTest, BeforeTheFirstRunThereAreNoChartsAndNoDocks)
{
    show(SnapshotBuilder().build());
    EXPECT_TRUE(window.findChild<EmptyPage*>()->isVisible());
    EXPECT_FALSE(window.findChild<SideTabs*>()->isVisible());
    show(SnapshotBuilder().running(1).build());
    EXPECT_FALSE(window.findChild<EmptyPage*>()->isVisible());
    EXPECT_TRUE(window.findChild<SideTabs*>()->isVisible());
}

TEST_F(MainWindowTest, ToolBarButtonsPostCommands)
{
    show(SnapshotBuilder().recorded().build());
    for (const char* name : { "button.actionPause", "button.actionReload", "button.actionCheckpoint", "button.actionStop" }) {
        findChild<QToolButton>(window, name)->click();
    }
    EXPECT_EQ(session.count<session::Pause>(), 1);
    EXPECT_EQ(session.count<session::ReloadNow>(), 1);
    EXPECT_EQ(session.count<session::SaveCheckpoint>(), 1);
    EXPECT_EQ(session.count<session::Stop>(), 1);
}

TEST_F(MainWindowTest, ARefusalIsSaidInTheStatusLine)
{
    show(SnapshotBuilder().recorded().build());
    session.refusal = Error { ErrorCode::Refused, "the queue is full", "" };
    action("actionReload").trigger();
    EXPECT_EQ(findChild<QStatusBar>(window, "statusLine")->currentMessage(), QStringLiteral("The queue is full"));
}

TEST_F(MainWindowTest, EveryToolBarActionIsInAMenuAndShortcutsAreUnique)
{
    std::set<QString> keys;
    for (const QAction* each : window.findChildren<QAction*>()) {
        if (each->shortcut().isEmpty() || each->objectName() == QLatin1String("actionResume")) {
            continue; // Resume shares its shortcut with Start; only one of them is ever visible
        }
        EXPECT_TRUE(keys.insert(each->shortcut().toString()).second) << each->shortcut().toString().toStdString();
    }
    for (const char* wanted : { "Ctrl+Return", "Ctrl+R", "Ctrl+S", "Ctrl+1", "Ctrl+4", "Ctrl+Shift+E", "F11", "F6" }) {
        EXPECT_TRUE(keys.contains(QLatin1String(wanted))) << wanted;
    }
}

TEST_F(MainWindowTest, ClosingARunStopsItAndWaitsForItsEnd)
{
    show(SnapshotBuilder().recorded().build());
    EXPECT_FALSE(window.close());
    EXPECT_EQ(session.count<session::Stop>(), 1);
    EXPECT_FALSE(window.close());
    EXPECT_EQ(session.count<session::Stop>(), 1);
    show(SnapshotBuilder().recorded().state(train::RunState::Finished).build());
    EXPECT_FALSE(window.isVisible());
}

TEST_F(MainWindowTest, WithoutARunItClosesAtOnce)
{
    show(SnapshotBuilder().build());
    EXPECT_TRUE(window.close());
    EXPECT_TRUE(session.posted.empty());
}

TEST_F(MainWindowTest, FoldsWhenItIsNarrow)
{
    show(SnapshotBuilder().recorded().build());
    const auto* tabs = window.findChild<SideTabs*>();
    EXPECT_NE(tabs->openPanel(), nullptr);
    window.resize(1100, 700);
    QApplication::processEvents();
    EXPECT_EQ(tabs->openPanel(), nullptr);
    EXPECT_LT(findChild<QWidget>(window, "healthPanel")->width(), 160);
    action("viewLog").trigger();
    EXPECT_NE(tabs->openPanel(), nullptr);
}

TEST_F(MainWindowTest, AModuleOfTheHealthBoardFiltersTheLog)
{
    show(SnapshotBuilder().recorded().build());
    auto* list = findChild<QListView>(window, "healthList");
    QTest::mouseClick(list->viewport(), Qt::LeftButton, {}, list->visualRect(list->model()->index(2, 0)).center());
    EXPECT_EQ(window.findChild<SideTabs*>()->openPanel(), window.findChild<LogPanel*>());
}

TEST_F(MainWindowTest, EveryControlHasANameAndTabReachesAllPanels)
{
    show(SnapshotBuilder().leaking().build());
    EXPECT_EQ(tests::namelessControls(window).join(QLatin1String(", ")).toStdString(), "");
    std::set<const QWidget*> reached;
    const std::set<const QWidget*> wanted { findChild<QWidget>(window, "runToolBar"), findChild<QWidget>(window, "healthPanel"),
        findChild<QWidget>(window, "chartArea"), findChild<QWidget>(window, "sideTabs") };
    QWidget* at = &window;
    for (int i = 0; i < 2000; ++i) {
        at = at->nextInFocusChain();
        for (const QWidget* panel : wanted) {
            if (panel->isAncestorOf(at) && (at->focusPolicy() & Qt::TabFocus) != 0) {
                reached.insert(panel);
            }
        }
    }
    EXPECT_EQ(reached, wanted);
}

TEST_F(MainWindowTest, NextPanelGoesAround)
{
    show(SnapshotBuilder().recorded().build());
    std::set<QWidget*> seen;
    for (int i = 0; i < 4; ++i) {
        action("viewNextPanel").trigger();
        seen.insert(window.focusWidget());
    }
    EXPECT_EQ(seen.size(), 4U);
}

TEST_F(MainWindowTest, ADrillCanBeStoppedFromTheMenu)
{
    show(SnapshotBuilder().leaking().build());
    EXPECT_FALSE(action("toolsDrill").isEnabled());
    action("toolsStopDrill").trigger();
    EXPECT_EQ(session.count<session::StopDrill>(), 1);
}

} // namespace
} // namespace dubito::ui
