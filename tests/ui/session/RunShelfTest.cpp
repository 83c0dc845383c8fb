// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/session/RunShelf.h"

#include "tests/support/SnapshotBuilder.h"
#include "tests/support/TemporaryFolder.h"
#include "ui/MainWindow.h"
#include "ui/config/DifferenceDialog.h"

#include <gtest/gtest.h>

#include <QApplication>
#include <QMenu>
#include <QTest>

namespace dubito::ui {
namespace {

struct RunShelfTest : testing::Test {
    RunShelfTest()
    {
        shelf.addTo(menu);
        QObject::connect(&shelf, &RunShelf::besideChanged, &shelf, [this](const SnapshotPointer& shown) { beside = shown; });
        QObject::connect(&shelf, &RunShelf::said, &shelf, [this](const QString& sentence) { said = sentence; });
        run.write("metrics.jsonl", "{\"step\":1,\"ce\":4,\"time\":1}\n{\"step\":2,\"ce\":3,\"time\":2}\n");
        run.write("run.yaml", "training:\n  seed: 43\n");
    }

    QString folder() const { return QString::fromStdString(run.path().string()); }
    QAction& action(const char* name) { return *menu.findChild<QAction*>(QLatin1String(name)); }

    static MainWindow* recordedWindow()
    {
        for (QWidget* widget : QApplication::topLevelWidgets()) {
            if (auto* found = qobject_cast<MainWindow*>(widget)) {
                return found;
            }
        }
        return nullptr;
    }

    TemporaryFolder run;
    QWidget window;
    QMenu menu;
    RunShelf shelf { window };
    SnapshotPointer beside;
    QString said;
};

TEST_F(RunShelfTest, ARecordedRunIsLaidBesideAndTakenAwayAgain)
{
    EXPECT_FALSE(action("fileStopComparing").isEnabled());
    shelf.compare(folder());
    ASSERT_TRUE(QTest::qWaitFor([&] { return beside != nullptr; }));
    EXPECT_EQ(beside->run.step, 2);
    action("fileStopComparing").trigger();
    EXPECT_EQ(beside, nullptr);
}

TEST_F(RunShelfTest, TheDifferenceOfTheConfigurationsIsShown)
{
    shelf.display(tests::SnapshotBuilder().running(10).build());
    shelf.compare(folder());
    ASSERT_TRUE(QTest::qWaitFor([&] { return beside != nullptr; }));
    action("fileDifference").trigger();
    EXPECT_NE(window.findChild<DifferenceDialog*>(), nullptr);
}

TEST_F(RunShelfTest, ARecordedRunOpensInAWindowOfItsOwn)
{
    shelf.open(folder());
    ASSERT_TRUE(QTest::qWaitFor([] { return recordedWindow() != nullptr; }));
    recordedWindow()->close();
}

TEST_F(RunShelfTest, ARecordedRunIsGoneOnWithFromItsWindow)
{
    run.write("checkpoint-2/config.json", "{}");
    std::string resumed;
    QObject::connect(&shelf, &RunShelf::commandWanted, &shelf, [&](const session::Command& command) {
        if (const auto* start = std::get_if<session::Start>(&command)) {
            resumed = start->resumeFolder;
        }
    });
    shelf.open(folder());
    ASSERT_TRUE(QTest::qWaitFor([] { return recordedWindow() != nullptr; }));
    QAction* start = recordedWindow()->findChild<QAction*>(QStringLiteral("actionStart"));
    ASSERT_TRUE(QTest::qWaitFor([&] { return start->isEnabled(); }));
    start->trigger();
    EXPECT_EQ(resumed, run.path().string());
    recordedWindow()->close();
}

TEST_F(RunShelfTest, AllCurvesAreSavedWhileTheWindowGoesOn)
{
    EXPECT_FALSE(action("fileCurves").isEnabled()) << "there is no run";
    auto snapshot = tests::SnapshotBuilder().running(10).build();
    snapshot.run.runFolder = run.path().string();
    shelf.display(snapshot);
    EXPECT_TRUE(action("fileCurves").isEnabled());
    shelf.saveCurves(folder() + QStringLiteral("/curves.csv"));
    ASSERT_TRUE(QTest::qWaitFor([&] { return said.contains(QStringLiteral("2 steps")); }, 40'000)) << said.toStdString();
    EXPECT_TRUE(std::filesystem::exists(run.path() / "curves.csv"));
    shelf.saveCurves(QStringLiteral("/no/such/folder/curves.csv"));
    EXPECT_TRUE(QTest::qWaitFor([&] { return said.contains(QStringLiteral("/no/such/folder")); }, 40'000)) << said.toStdString();
}

TEST_F(RunShelfTest, AFolderWithoutARunIsSaidInWords)
{
    const TemporaryFolder empty;
    shelf.open(QString::fromStdString(empty.path().string()));
    EXPECT_TRUE(QTest::qWaitFor([&] { return said.contains(QStringLiteral("no metrics")); })) << said.toStdString();
}

} // namespace
} // namespace dubito::ui
