// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/FakeSession.h"
#include "tests/support/FindChild.h"
#include "tests/support/SnapshotBuilder.h"
#include "ui/MainWindow.h"
#include "ui/SideTabs.h"
#include "ui/config/ConfigModel.h"
#include "ui/provenance/ScoreModel.h"

#include <gtest/gtest.h>

#include <QAbstractButton>
#include <QApplication>
#include <QHeaderView>
#include <QTabBar>
#include <QTableView>
#include <QTest>
#include <QTextBrowser>
#include <QTreeView>

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

TEST_F(NewUserTest, ChangesTheLeakThresholdWithTwoClicks)
{
    show(tests::SnapshotBuilder().recorded().build());
    auto* tree = tests::findChild<QTreeView>(window, "configTree");
    QModelIndex field;
    for (int section = 0; section < tree->model()->rowCount(); ++section) {
        const QModelIndex parent = tree->model()->index(section, 0);
        for (int row = 0; row < tree->model()->rowCount(parent); ++row) {
            if (const QModelIndex index = tree->model()->index(row, 0, parent); index.data(ConfigModel::KeyRole).toString().endsWith(QStringLiteral("leak_threshold_mb"))) {
                field = index;
            }
        }
    }
    ASSERT_TRUE(field.isValid());
    const QRect row = tree->visualRect(field);
    ASSERT_TRUE(tree->viewport()->rect().contains(row)) << "it is seen without looking for it";
    click(tree->viewport(), QPoint(row.right() - 110, row.top() + 16));
    auto* editor = tests::findChild<QWidget>(window, "edit.training.memory_leak_threshold_mb");
    ASSERT_NE(editor, nullptr);
    QTest::keyClick(editor, Qt::Key_A, Qt::ControlModifier);
    QTest::keyClicks(editor, QStringLiteral("2.5"));
    QTest::keyClick(editor, Qt::Key_Return);
    QApplication::processEvents(); // the editor closes at the next turn
    click("configApply");
    ASSERT_EQ(session.count<session::ApplyConfig>(), 1);
    const auto applied = std::ranges::find_if(session.posted, [](const auto& each) { return std::holds_alternative<session::ApplyConfig>(each); });
    EXPECT_EQ(std::get<session::ApplyConfig>(*applied).config->training.memoryLeakThresholdMb, 2.5);
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

TEST_F(NewUserTest, SeesTheHeaviestDocumentWithThreeClicks)
{
    show(tests::SnapshotBuilder().recorded().build());
    auto* tabs = tests::findChild<QTabBar>(window, "sideTabBar");
    click(tabs, tabs->tabRect(2).center());
    QApplication::processEvents();
    auto* header = tests::findChild<QTableView>(window, "scoreTable")->horizontalHeader();
    const QPoint weight(header->sectionViewportPosition(ScoreModel::Weight) + header->sectionSize(ScoreModel::Weight) / 2, header->height() / 2);
    click(header->viewport(), weight);
    click(header->viewport(), weight);
    ASSERT_TRUE(std::holds_alternative<session::ShowDocuments>(session.posted.back()));
    const auto& asked = std::get<session::ShowDocuments>(session.posted.back());
    EXPECT_TRUE(asked.order == session::DocumentOrder::Weight && asked.direction == session::Direction::Descending);
    EXPECT_EQ(clicks, 3) << "the first row of a page is chosen and explained by itself";
}

} // namespace
} // namespace dubito::ui
