// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/config/ConfigPanel.h"

#include "tests/support/FindChild.h"
#include "tests/support/SnapshotBuilder.h"
#include "ui/TextLabel.h"
#include "ui/config/ConfigModel.h"
#include "ui/config/ConfigSaving.h"
#include "ui/config/MergeDialog.h"
#include "ui/config/YamlView.h"

#include <gtest/gtest.h>

#include <QApplication>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QTemporaryDir>
#include <QTest>
#include <QTextBrowser>
#include <QToolButton>
#include <QTreeView>

namespace dubito::ui {
namespace {

using tests::findChild;
using tests::SnapshotBuilder;

struct ConfigPanelTest : testing::Test {
    ConfigPanelTest()
    {
        QObject::connect(&panel, &ConfigPanel::commandWanted, &panel, [this](const session::Command& command) { posted.push_back(command); });
        panel.resize(408, 800);
        panel.display(SnapshotBuilder().running(10).build());
        panel.show();
    }

    QPushButton& button(const char* name) { return *findChild<QPushButton>(panel, name); }
    void edit(const char* key, const char* text) { panel.model().edit(QLatin1String(key), QLatin1String(text)); }

    QWidget* openEditor(const char* key)
    {
        auto* tree = findChild<QTreeView>(panel, "configTree");
        tree->expandAll();
        const auto* proxy = qobject_cast<QAbstractProxyModel*>(tree->model());
        const QModelIndex index = proxy->mapFromSource(panel.model().indexOf(QLatin1String(key)));
        tree->scrollTo(index);
        tree->setCurrentIndex(index);
        tree->edit(index);
        return tree->findChild<QWidget*>(QStringLiteral("edit.") + QLatin1String(key));
    }

    /// A file that another program wrote, as the panel hears of it.
    QString changeOutside(const QTemporaryDir& folder, const char* text)
    {
        const QString path = folder.filePath(QStringLiteral("my.yaml"));
        EXPECT_TRUE(writeText(path, text));
        auto snapshot = SnapshotBuilder().running(10).build();
        snapshot.config.file = path.toStdString();
        snapshot.config.changedOutside = true;
        panel.display(snapshot);
        return path;
    }

    ConfigPanel panel;
    std::vector<session::Command> posted;
};

TEST_F(ConfigPanelTest, ApplyPostsTheDraft)
{
    EXPECT_FALSE(button("configApply").isEnabled());
    edit("training.memory_leak_threshold_mb", "2.5");
    ASSERT_TRUE(button("configApply").isEnabled());
    button("configApply").click();
    ASSERT_EQ(posted.size(), 1U);
    EXPECT_EQ(std::get<session::ApplyConfig>(posted.front()).config->training.memoryLeakThresholdMb, 2.5);
}

TEST_F(ConfigPanelTest, ApplyAndSaveWaitUntilNoProblemIsLeftButDiffAndRevertWork)
{
    int problems = 0;
    QObject::connect(&panel, &ConfigPanel::problemsChanged, &panel, [&](int count) { problems = count; });
    edit("training.batch_size", "-1");
    EXPECT_EQ(problems, 1);
    EXPECT_FALSE(button("configApply").isEnabled());
    EXPECT_FALSE(button("configSave").isEnabled());
    EXPECT_TRUE(button("configDiff").isEnabled());
    button("configRevert").click();
    EXPECT_EQ(problems, 0);
    EXPECT_TRUE(button("configSave").isEnabled());
}

TEST_F(ConfigPanelTest, SavingKeepsCommentsAndApplies)
{
    const QTemporaryDir folder;
    const QString path = folder.filePath(QStringLiteral("my.yaml"));
    ASSERT_TRUE(writeText(path, "# keep me\ntraining:\n  seed: 42 # and me\n"));
    edit("training.seed", "43");
    panel.saveTo(path);
    EXPECT_EQ(*readText(path), "# keep me\ntraining:\n  seed: 43 # and me\n");
    EXPECT_EQ(posted.size(), 1U);
}

TEST_F(ConfigPanelTest, AFieldIsEditedWhereItStands)
{
    auto* line = qobject_cast<QLineEdit*>(openEditor("training.seed"));
    ASSERT_NE(line, nullptr);
    EXPECT_EQ(line->text(), QStringLiteral("42"));
    line->setText(QStringLiteral("7"));
    QTest::keyClick(line, Qt::Key_Return);
    QApplication::processEvents();
    EXPECT_EQ(panel.model().draft()->training.seed, 7);
    EXPECT_NE(qobject_cast<QComboBox*>(openEditor("distrust.weighting")), nullptr);
}

TEST_F(ConfigPanelTest, ASwitchIsToggledByTheKeyboard)
{
    openEditor("data.shuffle");
    QTest::keyClick(findChild<QTreeView>(panel, "configTree")->viewport(), Qt::Key_Space);
    EXPECT_EQ(panel.model().draft()->data.shuffle, config::Switch::Off);
}

TEST_F(ConfigPanelTest, TheDifferenceNamesOldAndNew)
{
    edit("training.seed", "43");
    button("configDiff").click();
    const QString text = findChild<QTextBrowser>(panel, "configDifference")->toPlainText();
    EXPECT_TRUE(text.contains(QStringLiteral("training.seed"))) << text.toStdString();
    EXPECT_TRUE(text.contains(QStringLiteral("42")) && text.contains(QStringLiteral("43")));
}

TEST_F(ConfigPanelTest, AChangeOfTheFileOutsideIsOffered)
{
    const QTemporaryDir folder;
    changeOutside(folder, "training:\n  seed: 99\n");
    EXPECT_TRUE(findChild<QWidget>(panel, "configOutside")->isVisible());
    button("configTakeTheirs").click();
    ASSERT_EQ(posted.size(), 1U);
    const auto& apply = std::get<session::ApplyConfig>(posted.front());
    EXPECT_EQ(apply.config->training.seed, 99);
    EXPECT_EQ(apply.cause, session::Cause::File);
}

TEST_F(ConfigPanelTest, OfAFileChangedOutsideEachKeyCanBeChosen)
{
    const QTemporaryDir folder;
    changeOutside(folder, "training:\n  seed: 99\n  steps: 900\n");
    edit("training.seed", "43");
    button("configMerge").click();
    auto* dialog = panel.findChild<MergeDialog*>();
    ASSERT_NE(dialog, nullptr);
    findChild<QPushButton>(*dialog, "mergeTake")->click();
    const auto& apply = std::get<session::ApplyConfig>(posted.back());
    EXPECT_EQ(apply.config->training.steps, 900);
    EXPECT_EQ(apply.config->training.seed, 42) << "an edit that was kept is still an edit, not in force";
    EXPECT_EQ(panel.model().draft()->training.seed, 43);
}

TEST_F(ConfigPanelTest, TakingTheFileOverGivesEditsOfTheSameKeysUpAndUndoBringsThemBack)
{
    const QTemporaryDir folder;
    changeOutside(folder, "training:\n  seed: 99\n");
    edit("training.seed", "43");
    button("configTakeTheirs").click();
    EXPECT_EQ(panel.model().draft()->training.seed, 99);
    panel.model().undoStack().undo();
    EXPECT_EQ(panel.model().draft()->training.seed, 43);
}

TEST_F(ConfigPanelTest, WhatIsHereCanBeKeptEvenIfTheFileIsBroken)
{
    const QTemporaryDir folder;
    changeOutside(folder, "training:\n  sed: 99\n");
    button("configKeepMine").click();
    ASSERT_EQ(posted.size(), 1U);
    EXPECT_EQ(std::get<session::ApplyConfig>(posted.front()).config->training.seed, 42);
}

TEST_F(ConfigPanelTest, AStartingPointIsLaidOverTheDraftAsOneEdit)
{
    auto* menu = findChild<QToolButton>(panel, "configStart")->menu();
    emit menu->aboutToShow();
    const auto actions = menu->actions();
    const auto profile = std::ranges::find(actions, QStringLiteral("base_16gb"), &QAction::text);
    ASSERT_NE(profile, actions.end());
    (*profile)->trigger();
    EXPECT_GT(panel.model().edits(), 1);
    panel.model().undoStack().undo();
    EXPECT_EQ(panel.model().edits(), 0);
    EXPECT_TRUE(posted.empty());
}

TEST_F(ConfigPanelTest, WithoutAFieldTheFirstProblemStandsBelow)
{
    edit("memory.pause_available_gb", "4");
    edit("memory.abort_available_gb", "4.5");
    button("configYaml").click();
    const auto* help = findChild<QLabel>(panel, "configHelp");
    EXPECT_TRUE(help->text().contains(QStringLiteral("abort_available_gb"))) << help->text().toStdString();
    edit("memory.abort_available_gb", "2");
    EXPECT_FALSE(help->text().contains(QStringLiteral("abort_available_gb")));
    EXPECT_FALSE(help->text().isEmpty());
    button("configForm").click();
    EXPECT_TRUE(help->text().startsWith(QStringLiteral("Choose a field")));
}

TEST_F(ConfigPanelTest, YamlShowsWhatWouldBeSavedAndItsErrorsByLine)
{
    edit("training.seed", "43");
    panel.setView(ConfigPanel::View::Yaml);
    auto* yaml = findChild<YamlView>(panel, "yamlView");
    EXPECT_NE(yaml->yaml().find("seed: 43"), std::string::npos) << yaml->yaml();
    yaml->setPlainText(QStringLiteral("training:\n  sed: 1\n"));
    QTRY_VERIFY_WITH_TIMEOUT(!yaml->extraSelections().isEmpty(), 5000);
    EXPECT_EQ(yaml->extraSelections().front().cursor.blockNumber(), 1);
    EXPECT_FALSE(button("configSave").isEnabled());
}

TEST_F(ConfigPanelTest, NothingInItsHeadIsCutAtAnyWidth)
{
    auto snapshot = SnapshotBuilder().running(10).build();
    snapshot.config.file = "/home/anna/runs/2026-11-21-tiny/llama-1b-archive-first.yaml";
    snapshot.config.revision += 1;
    panel.display(snapshot);
    edit("memory.pause_available_gb", "4");
    edit("memory.abort_available_gb", "4.5");
    for (const int width : { 360, 408, 640 }) {
        panel.resize(width, 800);
        QApplication::processEvents();
        const auto* file = findChild<TextLabel>(panel, "configFile");
        EXPECT_EQ(file->text(), QStringLiteral("llama-1b-archive-first.yaml"));
        for (const QWidget* part : std::initializer_list<const QWidget*> { file, findChild<QToolButton>(panel, "configStart"), &button("configAll"),
                 &button("configChanged"), &button("configProblems"), &button("configForm"), &button("configYaml") }) {
            EXPECT_GE(part->width(), part->sizeHint().width()) << part->objectName().toStdString() << " in " << width << " pixels";
            EXPECT_LE(part->mapTo(&panel, QPoint(part->width(), 0)).x(), panel.width()) << part->objectName().toStdString();
        }
    }
}

} // namespace
} // namespace dubito::ui
