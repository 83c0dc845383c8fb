// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/FakeSession.h"
#include "tests/support/FindChild.h"
#include "tests/support/SnapshotBuilder.h"
#include "ui/MainWindow.h"
#include "ui/SideTabs.h"

#include <gtest/gtest.h>

#include <QAbstractButton>
#include <QApplication>
#include <QTabBar>
#include <QTableView>
#include <QTest>
#include <QTextBrowser>

// What somebody who never saw the window wants first, and how many clicks it takes. The numbers stand in
// resources/screenshots/new-user.md.
namespace dubito::ui {
namespace {

struct NewUserTest : testing::Test {
    NewUserTest()
    {
        window.resize(1600, 1000);
        window.show();
    }

    void show(session::Snapshot snapshot)
    {
        session.show(std::move(snapshot));
        snapshots.poll();
        QApplication::processEvents();
    }

    void click(QWidget* widget, const QPoint& where)
    {
        ASSERT_TRUE(widget != nullptr && widget->isVisible() && widget->isEnabled());
        QTest::mouseClick(widget, Qt::LeftButton, {}, where);
        ++clicks;
    }
    void click(const char* name)
    {
        auto* button = tests::findChild<QAbstractButton>(window, name);
        click(button, button->rect().center());
    }

    tests::FakeSession session;
    SnapshotSignals snapshots { session };
    MainWindow window { session, snapshots, MainWindow::Memory::Forget };
    int clicks = 0;
};

TEST_F(NewUserTest, StartsTheSampleRunWithOneClick)
{
    show(tests::SnapshotBuilder().build());
    click("emptyStart");
    EXPECT_EQ(session.count<session::Start>(), 1);
    EXPECT_EQ(clicks, 1);
}

TEST_F(NewUserTest, PausesWithOneClickAndReloadsWithOne)
{
    show(tests::SnapshotBuilder().recorded().build());
    click("button.actionPause");
    EXPECT_EQ(session.count<session::Pause>(), 1);
    click("button.actionReload");
    EXPECT_EQ(session.count<session::ReloadNow>(), 1);
    EXPECT_EQ(clicks, 2);
}

TEST_F(NewUserTest, FindsWhyADocumentHasItsWeightWithTwoClicks)
{
    show(tests::SnapshotBuilder().recorded().build());
    auto* tabs = tests::findChild<QTabBar>(window, "sideTabBar");
    click(tabs, tabs->tabRect(2).center());
    QApplication::processEvents();
    auto* table = tests::findChild<QTableView>(window, "scoreTable");
    click(table->viewport(), table->visualRect(table->model()->index(3, 1)).center());
    EXPECT_TRUE(tests::findChild<QTextBrowser>(window, "scoreReasons")->toPlainText().contains(QStringLiteral("According to CDC")));
    EXPECT_GT(tests::findChild<QTableView>(window, "reasonTable")->model()->rowCount(), 3);
    EXPECT_EQ(clicks, 2);
}

} // namespace
} // namespace dubito::ui
