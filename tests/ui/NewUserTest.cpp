// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/FakeSession.h"
#include "tests/support/FindChild.h"
#include "tests/support/SnapshotBuilder.h"
#include "tests/support/TemporaryFolder.h"
#include "ui/MainWindow.h"
#include "ui/SideTabs.h"
#include "ui/chart/Plot.h"
#include "ui/config/ConfigModel.h"
#include "ui/provenance/ScoreModel.h"
#include "ui/session/RecentRuns.h"

#include <gtest/gtest.h>

#include <QAbstractButton>
#include <QApplication>
#include <QDialogButtonBox>
#include <QFile>
#include <QFileDialog>
#include <QHeaderView>
#include <QImage>
#include <QLineEdit>
#include <QMenu>
#include <QMenuBar>
#include <QPushButton>
#include <QSettings>
#include <QTabBar>
#include <QTableView>
#include <QTest>
#include <QTextBrowser>
#include <QTimer>
#include <QTreeView>

#include <algorithm>
#include <functional>

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

    /// A menu of the bar and an entry of it.
    void clickMenu(const char* entry)
    {
        auto* action = window.findChild<QAction*>(QLatin1String(entry));
        ASSERT_NE(action, nullptr);
        for (QAction* title : window.menuBar()->actions()) {
            if (QMenu* menu = title->menu(); menu->actions().contains(action)) {
                click(window.menuBar(), window.menuBar()->actionGeometry(title).center());
                click(menu, menu->actionGeometry(action).center());
            }
        }
    }

    /// Does it as soon as such a widget is there, in the event loop of its own that waits for an answer.
    template <typename Kind>
    void meet(QWidget* (*active)(), std::function<void(Kind&)> then)
    {
        auto* look = new QTimer(&window);
        QObject::connect(look, &QTimer::timeout, look, [look, active, then = std::move(then)] {
            if (auto* there = qobject_cast<Kind*>(active()); there != nullptr && there->isVisible()) {
                look->stop();
                then(*there);
            }
        });
        look->start(5);
    }

    /// An entry of the menu that opens next, known by its first words.
    void clickInNextMenu(const QString& entry)
    {
        meet<QMenu>(&QApplication::activePopupWidget, [this, entry](QMenu& menu) {
            for (QAction* action : menu.actions()) {
                if (QString(action->text()).remove(QLatin1Char('&')).startsWith(entry)) {
                    click(&menu, menu.actionGeometry(action).center());
                }
            }
        });
    }

    /// Types this into the dialog that asks for a file or a folder next, and agrees.
    void answerWith(const QString& path)
    {
        meet<QFileDialog>(&QApplication::activeModalWidget, [path](QFileDialog& dialog) {
            tests::findChild<QLineEdit>(dialog, "fileNameEdit")->setText(path);
            const auto agreed = dialog.acceptMode() == QFileDialog::AcceptSave ? QDialogButtonBox::Save : QDialogButtonBox::Open;
            dialog.findChild<QDialogButtonBox*>()->button(agreed)->click();
        });
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

/// Two runs that were recorded, and a place to write to.
struct NewUserWithRunsTest : NewUserTest {
    NewUserWithRunsTest()
    {
        folder.write("night/metrics.jsonl", "{\"step\":1,\"ce\":4,\"time\":1}\n{\"step\":2,\"ce\":3,\"time\":2}\n");
        QSettings::setDefaultFormat(QSettings::IniFormat);
        QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, path("settings"));
    }

    QString path(const char* name) const { return QString::fromStdString((folder.path() / name).string()); }

    static QByteArray read(const QString& path)
    {
        QFile file(path);
        EXPECT_TRUE(file.open(QIODevice::ReadOnly)) << path.toStdString();
        return file.readAll();
    }

    TemporaryFolder folder;
};

TEST_F(NewUserWithRunsTest, LaysASecondRunOverThisOneWithTwoClicks)
{
    show(tests::SnapshotBuilder().recorded().build());
    answerWith(path("night"));
    clickMenu("fileCompare");
    auto* stop = window.findChild<QAction*>(QStringLiteral("fileStopComparing"));
    ASSERT_TRUE(QTest::qWaitFor([&] { return stop->isEnabled(); }, 40'000));
    auto* loss = tests::findChild<chart::Plot>(window, "plot/loss");
    EXPECT_TRUE(std::ranges::any_of(loss->content().tracks, [](const auto& track) { return track.title.endsWith(QStringLiteral("of night")); }));
    EXPECT_EQ(clicks, 2);
}

TEST_F(NewUserWithRunsTest, SavesAReportWithTwoClicks)
{
    show(tests::SnapshotBuilder().recorded().build());
    answerWith(path("report.html"));
    clickMenu("fileReport");
    EXPECT_GE(read(path("report.html")).count("<svg"), 6);
    EXPECT_EQ(clicks, 2);
}

TEST_F(NewUserWithRunsTest, SavesAChartAsPictureDrawingOrTableWithTwoClicks)
{
    show(tests::SnapshotBuilder().recorded().build());
    const auto* loss = tests::findChild<chart::Plot>(window, "plot/loss");
    auto* more = tests::findChild<QAbstractButton>(*loss, "more");
    for (const char* words : { "Save picture:loss.png", "Save drawing:loss.svg", "Save data:loss.csv" }) {
        const QStringList parts = QString::fromLatin1(words).split(QLatin1Char(':'));
        clicks = 0;
        answerWith(path(parts[1].toLatin1().constData()));
        clickInNextMenu(parts[0]);
        click(more, more->rect().center());
        EXPECT_EQ(clicks, 2) << words;
    }
    EXPECT_FALSE(QImage(path("loss.png")).isNull());
    EXPECT_TRUE(read(path("loss.svg")).contains("<svg"));
    EXPECT_GT(read(path("loss.csv")).count('\n'), 100);
}

TEST_F(NewUserWithRunsTest, LooksAtAnEarlierRunAgainWithOneClick)
{
    rememberRun(path("night"));
    window.hide();
    window.show();
    show(tests::SnapshotBuilder().build());
    click("earlierRun0");
    const auto recorded = [this]() -> MainWindow* {
        for (QWidget* widget : QApplication::topLevelWidgets()) {
            if (auto* found = qobject_cast<MainWindow*>(widget); found != nullptr && found != &window) {
                return found;
            }
        }
        return nullptr;
    };
    ASSERT_TRUE(QTest::qWaitFor([&] { return recorded() != nullptr; }, 40'000));
    EXPECT_TRUE(recorded()->windowTitle().contains(QStringLiteral("night"))) << recorded()->windowTitle().toStdString();
    EXPECT_EQ(clicks, 1);
    recorded()->close();
}

} // namespace
} // namespace dubito::ui
