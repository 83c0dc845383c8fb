// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/SideTabs.h"

#include "ui/log/LogPanel.h"
#include "ui/session/EventPanel.h"

#include <gtest/gtest.h>

namespace dubito::ui {
namespace {

struct SideTabsTest : testing::Test {
    SideTabsTest()
    {
        tabs.add(events, QStringLiteral("Events"));
        tabs.add(log, QStringLiteral("Log"));
        QObject::connect(&tabs, &SideTabs::opened, &tabs, [this](Panel* panel) { opened = panel; });
    }

    SideTabs tabs;
    EventPanel* events = new EventPanel;
    LogPanel* log = new LogPanel;
    Panel* opened = nullptr;
};

TEST_F(SideTabsTest, APanelThatIsOpenedIsToldToTheWindow)
{
    EXPECT_EQ(tabs.openPanel(), events);
    tabs.open(log);
    EXPECT_EQ(tabs.openPanel(), log);
    EXPECT_EQ(opened, log);
}

TEST_F(SideTabsTest, FoldedAwayNoPanelIsOpenUntilOneIsAskedFor)
{
    tabs.setShape(SideTabs::Shape::Folded);
    EXPECT_EQ(tabs.openPanel(), nullptr);
    tabs.openAt(1);
    EXPECT_EQ(tabs.openPanel(), log);
    tabs.setShape(SideTabs::Shape::Wide);
    EXPECT_EQ(tabs.openPanel(), log);
}

} // namespace
} // namespace dubito::ui
