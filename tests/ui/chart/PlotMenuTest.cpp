// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/chart/PlotMenu.h"

#include "tests/ui/chart/PlotSamples.h"
#include "ui/chart/Plot.h"
#include "ui/chart/PlotGroup.h"

#include <gtest/gtest.h>

#include <QMenu>

namespace {

using namespace dubito::tests;
using namespace dubito::ui::chart;

TEST(PlotMenu, TheLogarithmicAxisIsASwitchThatShowsWhereItStands)
{
    PlotGroup group;
    Plot plot(group);
    plot.setContent(contentFrom({ trackFrom({ 1, 10, 100 }) }));
    QMenu menu;
    fillPlotMenu(menu, plot);
    menu.actions().first()->trigger();
    EXPECT_EQ(plot.scale(), Scale::Log);
    QMenu again;
    fillPlotMenu(again, plot);
    EXPECT_TRUE(again.actions().first()->isChecked());
}

TEST(PlotMenu, EveryEntryHasAMnemonic)
{
    PlotGroup group;
    Plot plot(group);
    QMenu menu;
    fillPlotMenu(menu, plot);
    for (const QAction* action : menu.actions()) {
        EXPECT_TRUE(action->isSeparator() || action->text().contains(QLatin1Char('&'))) << action->text().toStdString();
    }
}

} // namespace
