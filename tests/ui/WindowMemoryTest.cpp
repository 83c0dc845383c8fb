// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/WindowMemory.h"

#include "tests/support/FakeSession.h"
#include "tests/support/FindChild.h"
#include "tests/support/TemporaryFolder.h"
#include "ui/ChartArea.h"
#include "ui/MainMenus.h"
#include "ui/MainWindow.h"
#include "ui/SideTabs.h"

#include <gtest/gtest.h>

#include <QSettings>

#include <limits>

namespace dubito::ui {
namespace {

struct WindowMemoryTest : testing::Test {
    RememberedParts parts(MainWindow& window)
    {
        return { window, *window.findChild<MainMenus*>(), *window.findChild<ChartArea*>(), *window.findChild<SideTabs*>() };
    }

    TemporaryFolder folder;
    QSettings settings { QString::fromStdString((folder.path() / "window.ini").string()), QSettings::IniFormat };
    tests::FakeSession session;
    SnapshotSignals snapshots { session };
    MainWindow before { session, snapshots, MainWindow::Memory::Forget };
    MainWindow after { session, snapshots, MainWindow::Memory::Forget };
};

TEST_F(WindowMemoryTest, ChartsTabsAndSwitchesAreFoundAsTheyWereLeft)
{
    const auto left = parts(before);
    left.tabs.choose(2);
    left.charts.setLook({ .page = 1, .unit = 1, .preset = 2, .smoothing = 0.6 });
    left.menus.setNotifies(false);
    rememberWindow(left, ThemeChoice::Dark, settings);
    const auto found = parts(after);
    EXPECT_EQ(recallWindow(found, settings), ThemeChoice::Dark);
    EXPECT_EQ(found.tabs.index(), 2);
    EXPECT_EQ(found.charts.look(), (ChartLook { .page = 1, .unit = 1, .preset = 2, .smoothing = 0.6 }));
    EXPECT_FALSE(found.menus.notifies());
    EXPECT_TRUE(found.menus.inhibitsSleep());
}

TEST_F(WindowMemoryTest, NonsenseInTheSettingsChangesNothing)
{
    const auto found = parts(after);
    const ChartLook usual = found.charts.look();
    for (const char* name : { "side_tab", "chart_page", "chart_unit", "chart_part", "theme" }) {
        settings.setValue(QStringLiteral("window/") + QLatin1String(name), 77);
    }
    settings.setValue(QStringLiteral("window/chart_smoothing"), std::numeric_limits<double>::quiet_NaN());
    settings.setValue(QStringLiteral("window/geometry"), QStringLiteral("nothing"));
    EXPECT_EQ(recallWindow(found, settings), ThemeChoice::System);
    EXPECT_EQ(found.charts.look(), usual);
    EXPECT_EQ(found.tabs.index(), 0);
}

} // namespace
} // namespace dubito::ui
