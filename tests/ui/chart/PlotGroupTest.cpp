// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/chart/PlotGroup.h"

#include "tests/support/SnapshotBuilder.h"
#include "tests/ui/chart/PlotSamples.h"

#include <gtest/gtest.h>

#include <QSignalSpy>

namespace {

using namespace dubito::tests;
using namespace dubito::ui::chart;

dubito::session::Snapshot ranFor(std::size_t steps)
{
    auto snapshot = SnapshotBuilder().loss(std::vector<double>(steps, 2.0)).build();
    snapshot.revision = steps;
    for (auto& series : snapshot.series) {
        for (std::size_t i = 0; i < series.latest.size(); ++i) {
            series.latest[i].time = std::chrono::seconds(2 * series.latest[i].step);
        }
    }
    return snapshot;
}

TEST(PlotGroup, FollowingKeepsTheWholeRunInView)
{
    PlotGroup group;
    group.advance(ranFor(100));
    EXPECT_EQ(group.range().from, 0);
    EXPECT_GE(group.range().to, 110);
    group.advance(ranFor(300));
    EXPECT_GE(group.range().to, 330);
}

TEST(PlotGroup, TheRangeMovesInJumps)
{
    PlotGroup group;
    group.advance(ranFor(100));
    const QSignalSpy moves(&group, &PlotGroup::rangeChanged);
    for (std::size_t step = 101; step <= 200; ++step) {
        group.advance(ranFor(step));
    }
    EXPECT_LE(moves.count(), 20);
}

TEST(PlotGroup, TheSameRevisionTwiceChangesNothing)
{
    PlotGroup group;
    auto snapshot = ranFor(100);
    group.advance(snapshot);
    snapshot.series.clear();
    const QSignalSpy moves(&group, &PlotGroup::rangeChanged);
    group.advance(snapshot);
    EXPECT_EQ(moves.count(), 0);
}

TEST(PlotGroup, TheLastTwoHundredStepsAreAWindowOfTwoHundred)
{
    PlotGroup group;
    group.advance(ranFor(500));
    group.setPreset(Preset::Last200);
    EXPECT_DOUBLE_EQ(group.range().span(), 200);
    EXPECT_GE(group.range().to, 500);
    EXPECT_LE(group.range().to, 540);
}

TEST(PlotGroup, ZoomingEndsFollowingAndFollowingComesBack)
{
    PlotGroup group;
    group.advance(ranFor(500));
    const XRange whole = group.range();
    group.zoom(0.5, 100);
    EXPECT_EQ(group.follow(), Follow::Off);
    EXPECT_NEAR(group.range().span(), whole.span() / 2, 1e-9);
    const XRange held = group.range();
    group.advance(ranFor(900));
    EXPECT_EQ(group.range(), held);
    group.setFollow(Follow::On);
    EXPECT_GE(group.range().to, 900);
}

TEST(PlotGroup, WhatIsUnderThePointerStaysThere)
{
    PlotGroup group;
    group.advance(ranFor(500));
    const double share = (100 - group.range().from) / group.range().span();
    group.zoom(0.25, 100);
    EXPECT_NEAR((100 - group.range().from) / group.range().span(), share, 1e-9);
}

TEST(PlotGroup, ZoomGoesOutStepByStep)
{
    PlotGroup group;
    group.advance(ranFor(500));
    const XRange whole = group.range();
    group.zoom(0.5, 100);
    const XRange half = group.range();
    group.zoom(0.5, 100);
    group.zoomOut();
    EXPECT_EQ(group.range(), half);
    group.zoomOut();
    EXPECT_EQ(group.range(), whole);
    group.zoomOut();
    EXPECT_EQ(group.follow(), Follow::On);
}

TEST(PlotGroup, NoZoomIsNarrowerThanAFewStepsOrWiderThanTheRun)
{
    PlotGroup group;
    group.advance(ranFor(500));
    for (int i = 0; i < 200; ++i) {
        group.zoom(0.5, 100);
    }
    EXPECT_GE(group.range().span(), 3.99);
    for (int i = 0; i < 200; ++i) {
        group.zoom(2, 100);
    }
    EXPECT_LE(group.range().span(), 1300);
    group.zoom(kNaN, 5);
    group.zoom(0, 5);
    group.zoom(0.5, kInfinity);
    group.pan(kNaN);
    group.pan(1e300);
    EXPECT_TRUE(std::isfinite(group.range().from) && std::isfinite(group.range().to));
    EXPECT_GT(group.range().span(), 0);
}

TEST(PlotGroup, TimeAndStepShowTheSameMoments)
{
    PlotGroup group;
    group.advance(ranFor(500));
    group.zoom(0.5, 200);
    group.setCrosshair(200);
    const XRange steps = group.range();
    group.setUnit(XUnit::Time);
    EXPECT_NEAR(*group.crosshair(), 400, 1);
    EXPECT_NEAR(group.range().to, 2 * steps.to, 4);
    group.setUnit(XUnit::Step);
    EXPECT_NEAR(group.range().to, steps.to, 2);
}

TEST(PlotGroup, TheCrosshairMovesByAtLeastOneStepAndStaysInView)
{
    PlotGroup group;
    group.advance(ranFor(100));
    group.setCrosshair(10);
    group.moveCrosshair(0.001);
    EXPECT_EQ(group.crosshair(), 11);
    group.moveCrosshair(-5);
    EXPECT_EQ(group.crosshair(), group.range().from);
    group.setCrosshair(std::nullopt);
    EXPECT_FALSE(group.crosshair());
}

TEST(PlotGroup, AnEventBringsItsMomentIntoView)
{
    PlotGroup group;
    group.advance(ranFor(900));
    group.showRange({ 10, 20 });
    dubito::session::Event event;
    event.step = 700;
    group.showEvent(event);
    EXPECT_EQ(group.crosshair(), 700);
    EXPECT_LT(group.range().from, 700);
    EXPECT_GT(group.range().to, 700);
}

TEST(PlotGroup, AMomentIsToldWithItsStep)
{
    PlotGroup group;
    EXPECT_EQ(group.momentText(2744).toStdString(), "step 2,744");
}

TEST(PlotGroup, SmoothingStaysBelowOne)
{
    PlotGroup group;
    group.setSmoothing(5);
    EXPECT_LT(group.smoothing(), 1);
    group.setSmoothing(-1);
    EXPECT_EQ(group.smoothing(), 0);
}

} // namespace
