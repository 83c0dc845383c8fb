// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/chart/PlotCanvas.h"

#include "tests/support/SnapshotBuilder.h"
#include "tests/ui/chart/PlotSamples.h"
#include "ui/chart/Plot.h"
#include "ui/chart/PlotGroup.h"

#include <gtest/gtest.h>

#include <QLineEdit>
#include <QSignalSpy>
#include <QTest>
#include <QVBoxLayout>
#include <QWheelEvent>

namespace {

using namespace dubito::tests;
using namespace dubito::ui::chart;
using dubito::session::EventKind;

class PlotCanvasTest : public testing::Test {
protected:
    PlotCanvasTest()
    {
        window.resize(640, 320);
        (new QVBoxLayout(&window))->addWidget(plot = new Plot(group));
        window.layout()->addWidget(after = new QLineEdit);
        window.show();
        window.activateWindow();
        EXPECT_TRUE(QTest::qWaitForWindowActive(&window));
        SnapshotBuilder builder;
        builder.loss(std::vector<double>(400, 2.0));
        builder.event(EventKind::Warn, 100, "grows").event(EventKind::Checkpoint, 150, "saved");
        builder.event(EventKind::Reload, 300, "gave back");
        group.advance(builder.build());
        plot->setContent(contentFrom({ trackFrom(std::vector<double>(400, 2.0)) }));
        plot->drawNow();
        canvas().setFocus();
    }

    PlotCanvas& canvas() { return plot->canvas(); }
    void press(Qt::Key key, Qt::KeyboardModifiers modifiers = {}) { QTest::keyClick(&canvas(), key, modifiers); }

    PlotGroup group;
    QWidget window;
    Plot* plot = nullptr;
    QLineEdit* after = nullptr;
};

TEST_F(PlotCanvasTest, ArrowsMoveTheCrosshair)
{
    group.setCrosshair(50);
    press(Qt::Key_Right);
    EXPECT_GT(*group.crosshair(), 50);
    press(Qt::Key_Left, Qt::ShiftModifier);
    EXPECT_LT(*group.crosshair(), 50);
}

TEST_F(PlotCanvasTest, PlusAndMinusZoomAndBackspaceGoesOneStepBack)
{
    const XRange whole = group.range();
    press(Qt::Key_Plus);
    EXPECT_LT(group.range().span(), whole.span());
    press(Qt::Key_Backspace);
    EXPECT_EQ(group.range(), whole);
    press(Qt::Key_Plus);
    press(Qt::Key_Plus);
    press(Qt::Key_Home);
    EXPECT_EQ(group.range(), whole);
    EXPECT_EQ(group.follow(), Follow::On);
}

TEST_F(PlotCanvasTest, FSwitchesFollowing)
{
    press(Qt::Key_F);
    EXPECT_EQ(group.follow(), Follow::Off);
    press(Qt::Key_F);
    EXPECT_EQ(group.follow(), Follow::On);
}

TEST_F(PlotCanvasTest, AnEventMakesAMarkAtOnceAndDrawsNoCurveAgain)
{
    const auto marks = canvas().marks().size();
    QCoreApplication::processEvents();
    const auto* curves = canvas().frame().curves.data();
    const QImage before = canvas().grab().toImage();
    auto snapshot = SnapshotBuilder().loss(std::vector<double>(400, 2.0)).event(EventKind::Warn, 200, "grows").build();
    snapshot.revision = 1000;
    group.advance(snapshot);
    EXPECT_EQ(canvas().marks().size(), 1U);
    EXPECT_NE(canvas().marks().size(), marks);
    EXPECT_NE(canvas().grab().toImage(), before);
    QCoreApplication::processEvents();
    EXPECT_EQ(canvas().frame().curves.data(), curves);
}

TEST_F(PlotCanvasTest, TabGoesThroughTheMarksAndThenOn)
{
    press(Qt::Key_Tab);
    EXPECT_EQ(group.crosshair(), 100);
    EXPECT_TRUE(canvas().accessibleDescription().startsWith(QStringLiteral("Warn at step 100")));
    press(Qt::Key_Tab);
    EXPECT_EQ(group.crosshair(), 300);
    press(Qt::Key_Backtab);
    EXPECT_EQ(group.crosshair(), 100);
    press(Qt::Key_Tab);
    press(Qt::Key_Tab);
    EXPECT_FALSE(canvas().hasFocus());
}

TEST_F(PlotCanvasTest, ControlAndArrowsReachEveryMark)
{
    group.setCrosshair(120);
    press(Qt::Key_Right, Qt::ControlModifier);
    EXPECT_EQ(group.crosshair(), 150);
    press(Qt::Key_Left, Qt::ControlModifier);
    EXPECT_EQ(group.crosshair(), 100);
}

TEST_F(PlotCanvasTest, EnterAndAClickChooseTheEvent)
{
    QSignalSpy chosen(&group, &PlotGroup::eventChosen);
    press(Qt::Key_Tab);
    press(Qt::Key_Return);
    ASSERT_EQ(chosen.count(), 1);
    const Mark& mark = canvas().marks().back();
    const QPoint at(group.leftMargin() + static_cast<int>(mark.pixel), 8);
    QTest::mouseClick(&canvas(), Qt::LeftButton, {}, at);
    ASSERT_EQ(chosen.count(), 2);
    EXPECT_EQ(chosen.last().first().toULongLong(), mark.event.id);
}

TEST_F(PlotCanvasTest, HoverMovesTheCrosshairAndSnapsToAMark)
{
    const Mark& mark = canvas().marks().front();
    QTest::mouseMove(&canvas(), { group.leftMargin() + static_cast<int>(mark.pixel) + 3, 60 });
    EXPECT_TRUE(QTest::qWaitFor([&] { return group.crosshair() == std::optional(100.0); }));
}

TEST_F(PlotCanvasTest, DraggingPansAndADoubleClickShowsTheWholeRun)
{
    press(Qt::Key_Plus);
    const XRange before = group.range();
    QTest::mousePress(&canvas(), Qt::LeftButton, {}, { 300, 60 });
    QTest::mouseMove(&canvas(), { 250, 60 });
    QTest::mouseMove(&canvas(), { 200, 60 });
    QTest::mouseRelease(&canvas(), Qt::LeftButton, {}, { 200, 60 });
    EXPECT_GT(group.range().from, before.from);
    EXPECT_EQ(group.follow(), Follow::Off);
    QTest::mouseDClick(&canvas(), Qt::LeftButton, {}, { 200, 60 });
    EXPECT_EQ(group.follow(), Follow::On);
}

TEST_F(PlotCanvasTest, TheWheelZoomsAroundThePointer)
{
    const XRange before = group.range();
    QWheelEvent wheel({ 300, 60 }, canvas().mapToGlobal(QPointF(300, 60)), {}, { 0, 120 }, Qt::NoButton, {},
        Qt::NoScrollPhase, false);
    QCoreApplication::sendEvent(&canvas(), &wheel);
    EXPECT_NEAR(group.range().span(), before.span() * 0.8, 1e-6);
}

TEST_F(PlotCanvasTest, OnTheScreenAPlotIsDrawnInItsTurnAndForAFileAtOnce)
{
    Plot other(group, &window);
    window.layout()->addWidget(&other);
    other.setContent(contentFrom({ trackFrom(std::vector<double>(400, 2.0)) }));
    QCoreApplication::processEvents();
    QSignalSpy wanted(&canvas(), &PlotCanvas::pictureWanted);
    window.resize(700, 400);
    canvas().repaint();
    ASSERT_FALSE(wanted.isEmpty());
    EXPECT_EQ(wanted.last().first().value<Picture>(), Picture::InTurn);
    canvas().grab();
    EXPECT_EQ(wanted.last().first().value<Picture>(), Picture::AtOnce);
    wanted.clear();
    canvas().repaint();
    EXPECT_TRUE(wanted.isEmpty()) << "it is drawn";
}

TEST_F(PlotCanvasTest, ATinyCanvasIsHarmless)
{
    canvas().resize(1, 1);
    canvas().grab();
    canvas().resize(30, 12);
    canvas().grab();
}

} // namespace
