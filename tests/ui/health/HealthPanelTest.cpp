// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/health/HealthPanel.h"

#include "tests/support/FindChild.h"
#include "tests/support/SnapshotBuilder.h"
#include "ui/TextLabel.h"

#include <gtest/gtest.h>

#include <QListView>
#include <QTest>

namespace dubito::ui {
namespace {

TEST(HealthPanel, TheScoreCountsModulesThatAreNotIdle)
{
    HealthPanel panel;
    panel.display(tests::SnapshotBuilder().running(3120).build());
    EXPECT_EQ(tests::findChild<TextLabel>(panel, "healthScore")->text(), QStringLiteral("92 %"));
    panel.display(tests::SnapshotBuilder().build());
    EXPECT_EQ(tests::findChild<TextLabel>(panel, "healthScore")->text(), QStringLiteral("—"));
}

TEST(HealthPanel, ARowIsChosenByMouseAndByKeyboard)
{
    HealthPanel panel;
    panel.resize(232, 800);
    panel.display(tests::SnapshotBuilder().running(3120).build());
    panel.show();
    std::vector<Module> chosen;
    QObject::connect(&panel, &HealthPanel::moduleChosen, &panel, [&](Module module) { chosen.push_back(module); });
    auto* list = tests::findChild<QListView>(panel, "healthList");
    const QModelIndex data = list->model()->index(2, 0);
    QTest::mouseClick(list->viewport(), Qt::LeftButton, {}, list->visualRect(data).center());
    QTest::keyClick(list, Qt::Key_Down);
    QTest::keyClick(list, Qt::Key_Return);
    ASSERT_GE(chosen.size(), 2U);
    EXPECT_EQ(chosen.front(), Module::Data);
    EXPECT_EQ(chosen.back(), Module::Tokenizer);
}

TEST(HealthPanel, AsARailItIsNarrowAndKeepsItsRows)
{
    HealthPanel panel;
    panel.display(tests::SnapshotBuilder().running(3120).build());
    const int wide = panel.maximumWidth();
    panel.setShape(HealthDelegate::Shape::Rail);
    EXPECT_LT(panel.maximumWidth(), wide);
    EXPECT_EQ(tests::findChild<QListView>(panel, "healthList")->model()->rowCount(), 13);
}

} // namespace
} // namespace dubito::ui
