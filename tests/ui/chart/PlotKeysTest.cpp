// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/chart/PlotKeys.h"

#include "tests/support/SnapshotBuilder.h"
#include "ui/chart/PlotGroup.h"

#include <gtest/gtest.h>

#include <QKeyEvent>

namespace dubito::ui::chart {
namespace {

struct PlotKeysTest : testing::Test {
    PlotKeysTest() { group.advance(tests::SnapshotBuilder().loss(std::vector<double>(400, 2.0)).build()); }

    bool press(Qt::Key key) { return steer(group, QKeyEvent(QEvent::KeyPress, key, Qt::NoModifier)); }

    PlotGroup group;
};

TEST_F(PlotKeysTest, PlusAndMinusZoomAroundTheCrosshair)
{
    const XRange whole = group.range();
    group.setCrosshair(100);
    EXPECT_TRUE(press(Qt::Key_Plus));
    EXPECT_NEAR(group.range().span(), whole.span() * kZoomPerNotch, 1e-9);
    EXPECT_NEAR((100 - group.range().from) / group.range().span(), 100 / whole.span(), 1e-9);
    EXPECT_TRUE(press(Qt::Key_Minus));
    EXPECT_NEAR(group.range().span(), whole.span(), 1e-9);
}

TEST_F(PlotKeysTest, PagesPanByHalfAViewAndBackspaceGoesBack)
{
    press(Qt::Key_Plus);
    const XRange before = group.range();
    EXPECT_TRUE(press(Qt::Key_PageDown));
    EXPECT_NEAR(group.range().from, before.from + before.span() / 2, 1e-9);
    EXPECT_TRUE(press(Qt::Key_PageUp));
    EXPECT_NEAR(group.range().from, before.from, 1e-9);
    EXPECT_TRUE(press(Qt::Key_Backspace));
    EXPECT_GT(group.range().span(), before.span());
}

TEST_F(PlotKeysTest, HomeShowsTheWholeRunAndFSwitchesFollowing)
{
    press(Qt::Key_Plus);
    EXPECT_TRUE(press(Qt::Key_Home));
    EXPECT_EQ(group.follow(), Follow::On);
    EXPECT_TRUE(press(Qt::Key_F));
    EXPECT_EQ(group.follow(), Follow::Off);
}

TEST_F(PlotKeysTest, OtherKeysAreForOthers)
{
    const XRange before = group.range();
    EXPECT_FALSE(press(Qt::Key_Tab));
    EXPECT_FALSE(press(Qt::Key_A));
    EXPECT_EQ(group.range(), before);
}

} // namespace
} // namespace dubito::ui::chart
