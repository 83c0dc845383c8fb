// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/chart/PlotGrid.h"

#include "tests/support/SnapshotBuilder.h"
#include "ui/chart/PlotGroup.h"
#include "ui/memory/MemoryPlot.h"
#include "ui/metrics/LossPlot.h"
#include "ui/metrics/ThroughputPlot.h"

#include <gtest/gtest.h>

#include <QSignalSpy>
#include <QTest>

namespace {

using namespace dubito::tests;
using namespace dubito::ui;
using namespace dubito::ui::chart;

class PlotGridTest : public testing::Test {
protected:
    PlotGridTest()
    {
        grid.add(new metrics::LossPlot(group));
        grid.add(new memory::MemoryPlot(group));
        grid.add(new metrics::ThroughputPlot(group));
        grid.resize(900, 600);
        grid.show();
    }

    PlotGroup group;
    PlotGrid grid;
};

TEST_F(PlotGridTest, OnePlotCanFillTheGridAndEscapeBringsTheOthersBack)
{
    auto* first = grid.panels().front();
    QTest::keyClick(first->plot().findChild<QToolButton*>(QStringLiteral("enlarge")), Qt::Key_Space);
    EXPECT_EQ(grid.enlarged(), first);
    EXPECT_FALSE(grid.panels().back()->isVisible());
    QTest::keyClick(&first->plot().canvas(), Qt::Key_Escape);
    EXPECT_EQ(grid.enlarged(), nullptr);
    EXPECT_TRUE(grid.panels().back()->isVisible());
}

TEST_F(PlotGridTest, PanelsThatComeBackAskForTheSnapshot)
{
    const QSignalSpy wanted(&grid, &PlotGrid::snapshotWanted);
    grid.enlarge(grid.panels().front());
    grid.enlarge(nullptr);
    EXPECT_EQ(wanted.count(), 2);
}

TEST_F(PlotGridTest, AHiddenPanelIsNotTold)
{
    grid.enlarge(grid.panels().front());
    grid.display(SnapshotBuilder().recorded().build());
    EXPECT_FALSE(grid.panels().front()->plot().content().tracks.back().points.empty());
    EXPECT_TRUE(grid.panels().back()->plot().content().tracks.back().points.empty());
}

TEST_F(PlotGridTest, ANarrowGridHasOneColumn)
{
    grid.resize(400, 900);
    EXPECT_TRUE(QTest::qWaitFor([&] { return grid.panels()[1]->x() == grid.panels()[0]->x(); }));
}

TEST_F(PlotGridTest, PlotsOfOneColumnAreAligned)
{
    grid.display(SnapshotBuilder().recorded().build());
    for (auto* panel : grid.panels()) {
        panel->plot().drawNow();
    }
    EXPECT_EQ(grid.panels()[0]->plot().canvas().columns(), grid.panels()[2]->plot().canvas().columns());
}

} // namespace
