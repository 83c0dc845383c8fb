// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/config/ConfigPanel.h"

#include "tests/support/FindChild.h"
#include "tests/support/SnapshotBuilder.h"
#include "ui/config/ConfigModel.h"
#include "ui/config/ConfigSaving.h"
#include "ui/config/YamlView.h"

#include <gtest/gtest.h>

#include <QApplication>
#include <QComboBox>
#include <QLineEdit>
#include <QPushButton>
#include <QTemporaryDir>
#include <QTest>
#include <QTextBrowser>
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
    const QString path = folder.filePath(QStringLiteral("my.yaml"));
    ASSERT_TRUE(writeText(path, "training:\n  seed: 99\n"));
    auto snapshot = SnapshotBuilder().running(10).build();
    snapshot.config.file = path.toStdString();
    snapshot.config.changedOutside = true;
    panel.display(snapshot);
    EXPECT_TRUE(findChild<QWidget>(panel, "configOutside")->isVisible());
    button("configTakeTheirs").click();
    ASSERT_EQ(posted.size(), 1U);
    const auto& apply = std::get<session::ApplyConfig>(posted.front());
    EXPECT_EQ(apply.config->training.seed, 99);
    EXPECT_EQ(apply.cause, session::Cause::File);
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

} // namespace
} // namespace dubito::ui
