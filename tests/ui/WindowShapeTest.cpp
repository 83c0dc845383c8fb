// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/WindowShape.h"

#include "tests/support/FakeSession.h"
#include "tests/support/FindChild.h"
#include "tests/support/SnapshotBuilder.h"
#include "ui/ChartArea.h"
#include "ui/MainWindow.h"
#include "ui/SideTabs.h"
#include "ui/chart/PlotGrid.h"

#include <gtest/gtest.h>

#include <QAction>
#include <QApplication>
#include <QPushButton>
#include <QTableView>
#include <QTest>

#include <cstdlib>

namespace dubito::ui {
namespace {

struct WindowShapeTest : testing::Test {
    WindowShapeTest()
    {
        window.resize(1600, 1000);
        session.show(tests::SnapshotBuilder().recorded().build());
        window.show();
        snapshots.poll();
        QApplication::processEvents();
    }
    chart::PlotGrid& grid() { return *window.findChild<chart::PlotGrid*>(); }
    SideTabs& tabs() { return *window.findChild<SideTabs*>(); }

    tests::FakeSession session;
    SnapshotSignals snapshots { session };
    MainWindow window { session, snapshots, MainWindow::Memory::Forget };
};

TEST_F(WindowShapeTest, TheSidePanelTakesTheRoomOfTheChartsAndGivesItBack)
{
    tabs().openAt(2);
    const int before = tabs().width();
    tests::findChild<QTableView>(window, "scoreTable")->setFocus();
    window.findChild<QAction*>(QStringLiteral("viewEnlarge"))->trigger();
    QApplication::processEvents();
    EXPECT_GT(tabs().width(), 1300);
    EXPECT_FALSE(grid().isVisible());
    EXPECT_TRUE(tests::findChild<QWidget>(window, "scatter")->isVisible());
    QTest::keyClick(&tabs(), Qt::Key_Escape);
    QApplication::processEvents();
    EXPECT_NEAR(tabs().width(), before, 40);
    EXPECT_TRUE(grid().isVisible());
    EXPECT_FALSE(tests::findChild<QWidget>(window, "scatter")->isVisible());
}

TEST_F(WindowShapeTest, WithTheFocusElsewhereAChartIsEnlarged)
{
    window.findChild<QAction*>(QStringLiteral("viewEnlarge"))->trigger();
    EXPECT_NE(grid().enlarged(), nullptr);
    EXPECT_FALSE(tabs().isEnlarged());
}

TEST_F(WindowShapeTest, ASmallWindowShowsFourChartsAPage)
{
    EXPECT_EQ(grid().shownPanels().size(), 6U);
    EXPECT_EQ(grid().pageTitles().size(), 2);
    window.resize(1100, 700);
    QApplication::processEvents();
    EXPECT_EQ(grid().shownPanels().size(), 4U);
    EXPECT_EQ(grid().pageTitles().first(), QStringLiteral("Memory, loss"));
    tests::findChild<QPushButton>(window, "page/1")->click();
    QApplication::processEvents();
    EXPECT_EQ(grid().page(), 1);
    window.resize(1600, 1000);
    QApplication::processEvents();
    EXPECT_EQ(grid().shownPanels().size(), 6U);
}

TEST_F(WindowShapeTest, AfterAVisitToASmallWindowTheSidePanelIsAsWideAsItWas)
{
    const int before = tabs().width();
    window.resize(1100, 700);
    QApplication::processEvents();
    EXPECT_LT(tabs().width(), 100) << "only its tabs are left";
    window.resize(1600, 1000);
    QApplication::processEvents();
    QTRY_VERIFY_WITH_TIMEOUT(std::abs(tabs().width() - before) <= 8, 5000);
}

} // namespace
} // namespace dubito::ui
