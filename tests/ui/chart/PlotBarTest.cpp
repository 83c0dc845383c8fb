// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/chart/PlotBar.h"

#include "tests/support/SnapshotBuilder.h"
#include "ui/chart/PlotGroup.h"

#include <gtest/gtest.h>

#include <QTest>

namespace {

using namespace dubito::tests;
using namespace dubito::ui::chart;

class PlotBarTest : public testing::Test {
protected:
    PlotBarTest()
    {
        bar.resize(1000, 32);
        bar.show();
    }

    QPushButton* button(const char* name) { return bar.findChild<QPushButton*>(QString::fromLatin1(name)); }

    PlotGroup group;
    PlotBar bar { group };
};

TEST_F(PlotBarTest, ItAsksTheGroupByKeyboard)
{
    QTest::keyClick(button("unit/time"), Qt::Key_Space);
    EXPECT_EQ(group.unit(), XUnit::Time);
    QTest::keyClick(button("preset/200"), Qt::Key_Space);
    EXPECT_EQ(group.preset(), Preset::Last200);
    QTest::keyClick(bar.findChild<QCheckBox*>(), Qt::Key_Space);
    EXPECT_EQ(group.follow(), Follow::Off);
    QTest::keyClick(bar.findChild<QComboBox*>(), Qt::Key_Up);
    EXPECT_DOUBLE_EQ(group.smoothing(), 0.9);
}

TEST_F(PlotBarTest, ItShowsWhatTheGroupSays)
{
    group.setUnit(XUnit::Time);
    group.setPreset(Preset::Last1000);
    group.setFollow(Follow::Off);
    EXPECT_TRUE(button("unit/time")->isChecked());
    EXPECT_TRUE(button("preset/1000")->isChecked());
    EXPECT_FALSE(bar.findChild<QCheckBox*>()->isChecked());
}

TEST_F(PlotBarTest, TheMomentOfTheCrosshairIsTold)
{
    auto* moment = bar.findChild<QLabel*>(QStringLiteral("moment"));
    group.setCrosshair(44);
    EXPECT_EQ(moment->text().toStdString(), "at step 44");
    group.setCrosshair(std::nullopt);
    EXPECT_TRUE(moment->text().isEmpty());
}

TEST_F(PlotBarTest, TheKeyNamesTheMarksThatAreThere)
{
    auto* key = bar.findChild<QLabel*>(QStringLiteral("markKey"));
    EXPECT_TRUE(key->text().isEmpty());
    group.advance(SnapshotBuilder().running(50).event(dubito::session::EventKind::Reload, 10, "x").build());
    EXPECT_TRUE(key->text().contains(QStringLiteral("reload")));
    EXPECT_FALSE(key->text().contains(QStringLiteral("pause")));
}

TEST_F(PlotBarTest, AFoldThatNobodyReadsApartIsSaid)
{
    const auto* remark = bar.findChild<QLabel*>(QStringLiteral("foldRemark"));
    EXPECT_FALSE(remark->isVisible());
    bar.setFold(1024);
    EXPECT_TRUE(remark->isVisible());
    EXPECT_EQ(remark->text().toStdString(), "shown folded: up to 1,024 steps a point");
    EXPECT_FALSE(remark->toolTip().isEmpty());
    bar.setFold(0);
    EXPECT_FALSE(remark->isVisible());
}

} // namespace
