// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/session/NightView.h"

#include "tests/support/SnapshotBuilder.h"

#include <gtest/gtest.h>

namespace dubito::ui {
namespace {

TEST(NightView, DrawsANightAndIsEmptyWithoutOne)
{
    NightView view;
    view.resize(800, 160);
    EXPECT_TRUE(view.isEmpty());
    EXPECT_FALSE(view.grab().isNull());
    view.setRun(tests::SnapshotBuilder().recorded().build());
    EXPECT_FALSE(view.isEmpty());
    EXPECT_FALSE(view.grab().isNull());
    EXPECT_TRUE(view.accessibleName().contains(QStringLiteral("2 marks"))) << view.accessibleName().toStdString();
}

TEST(NightView, AHugeSnapshotIsHarmless)
{
    NightView view;
    view.resize(300, 100);
    view.setRun(tests::SnapshotBuilder().huge().build());
    EXPECT_FALSE(view.grab().isNull());
}

} // namespace
} // namespace dubito::ui
