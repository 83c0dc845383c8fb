// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/chart/Plot.h"

#include "tests/ui/chart/PlotSamples.h"
#include "ui/chart/PlotGroup.h"

#include <gtest/gtest.h>

#include <QApplication>
#include <QPainter>
#include <QTest>
#include <QToolButton>

namespace {

using namespace dubito::tests;
using namespace dubito::ui;
using namespace dubito::ui::chart;

class PlotTest : public testing::Test {
protected:
    PlotTest()
    {
        plot.resize(500, 260);
        plot.show();
        QCoreApplication::processEvents();
    }

    void show(PlotContent content)
    {
        plot.setContent(std::move(content));
        plot.drawNow();
    }

    QLabel& label(const char* name) { return *plot.findChild<QLabel*>(QString::fromLatin1(name)); }

    PlotGroup group;
    Plot plot { group };
};

TEST_F(PlotTest, TitlesFromOutsideAreNeverMarkup)
{
    show(contentFrom({ trackFrom({ 1, 2 }) }));
    EXPECT_EQ(label("title").text().toStdString(), "Test <b>&");
    EXPECT_EQ(label("title").textFormat(), Qt::PlainText);
}

TEST_F(PlotTest, EveryShapeOfDataIsDrawnWithoutAWarning)
{
    for (const auto& values : { std::vector<double> {}, { 1 }, { 5, 5, 5 }, { kNaN }, { kInfinity, -kInfinity, 1 },
             { 0, 0, 0 }, { 1e300, -1e300 }, std::vector<double>(1500, 3.0) }) {
        for (const Shape shape : { Shape::Line, Shape::SmoothLine, Shape::Bars, Shape::Band, Shape::Layer, Shape::Dots,
                 Shape::Forecast }) {
            for (const auto scale : { chart::Scale::Linear, chart::Scale::Log }) {
                Track track = trackFrom(values);
                track.shape = shape;
                track.raw = RawLine::Faint;
                plot.setScale(scale);
                show(contentFrom({ track }));
                EXPECT_FALSE(plot.grab().isNull());
            }
        }
    }
}

TEST_F(PlotTest, ATrackThatBeginsSwitchedOffCanBeSwitchedOnFromItsLegend)
{
    Track off = trackFrom({ 1000 }, QStringLiteral("published"));
    off.atFirst = chart::Switch::Off;
    show(contentFrom({ trackFrom({ 1, 2 }), off }));
    EXPECT_EQ(plot.canvas().frame().curves.size(), 1U);
    auto* button = plot.findChild<QAbstractButton*>(QStringLiteral("legend/published"));
    ASSERT_NE(button, nullptr);
    QTest::keyClick(button, Qt::Key_Space);
    plot.drawNow();
    EXPECT_EQ(plot.canvas().frame().curves.size(), 2U);
    show(contentFrom({ trackFrom({ 1, 2 }), off })); // the next tick does not undo it
    EXPECT_EQ(plot.canvas().frame().curves.size(), 2U);
}

TEST_F(PlotTest, TheLegendReadsTheNewestValueAndThenTheCrosshair)
{
    show(contentFrom({ trackFrom({ 1, 2, 3 }) }));
    EXPECT_EQ(plot.accessibleDescription().toStdString(), "a 3.00");
    group.setCrosshair(1);
    EXPECT_EQ(plot.accessibleDescription().toStdString(), "a 1.00");
}

TEST_F(PlotTest, TheTableHasWhatTheChartHas)
{
    show(contentFrom({ trackFrom({ 1, 2, 3 }) }));
    auto* button = plot.findChild<QToolButton*>(QStringLiteral("table"));
    QTest::keyClick(button, Qt::Key_Space);
    auto* table = plot.findChild<QTableView*>();
    EXPECT_TRUE(table->isVisible());
    EXPECT_FALSE(plot.canvas().isVisible());
    EXPECT_EQ(table->model()->rowCount(), 3);
    QTest::keyClick(button, Qt::Key_Space);
    EXPECT_TRUE(plot.canvas().isVisible());
}

TEST_F(PlotTest, AHiddenPlotDrawsNothingAndIsRightWhenItComesBack)
{
    show(contentFrom({ trackFrom({ 1 }) }));
    plot.hide();
    plot.setContent(contentFrom({ trackFrom({ 1 }), trackFrom({ 2 }, QStringLiteral("b")) }));
    QCoreApplication::processEvents();
    EXPECT_EQ(plot.canvas().frame().curves.size(), 1U);
    plot.show();
    EXPECT_TRUE(QTest::qWaitFor([&] { return plot.canvas().frame().curves.size() == 2U; }));
}

TEST_F(PlotTest, ADarkPaletteRecoloursTheDrawing)
{
    show(contentFrom({ trackFrom({ 1, 2 }) }));
    const auto before = plot.canvas().frame().curves.at(0).color;
    plot.setPalette(paletteFor(Scheme::Dark));
    EXPECT_TRUE(QTest::qWaitFor([&] { return plot.canvas().frame().curves.at(0).color != before; }));
    const QImage image = plot.grab().toImage();
    EXPECT_EQ(image.pixelColor(image.width() / 2, 8), themeFor(Scheme::Dark).surface);
}

TEST_F(PlotTest, AnAlarmIsAShapeAndAWord)
{
    PlotContent content = contentFrom({ trackFrom({ 1 }) });
    content.alarm = QStringLiteral("act: activations grows");
    content.alarmShape = MarkShape::Square;
    show(content);
    EXPECT_TRUE(label("alarm").isVisible());
    EXPECT_FALSE(label("alarmMark").pixmap().isNull());
    content.alarm.clear();
    show(content);
    EXPECT_FALSE(label("alarm").isVisible());
}

// A picture made anew each time stays in Qt's cache: megabytes, in a title that counts.
TEST_F(PlotTest, ATitleThatChangesMakesNoNewPictures)
{
    const auto pictures = [this] {
        std::vector<qint64> keys;
        for (const auto* button : plot.findChildren<QToolButton*>()) {
            keys.push_back(button->icon().cacheKey());
        }
        return keys;
    };
    auto content = contentFrom({ trackFrom({ 1, 2 }) });
    content.note = QStringLiteral("step 1");
    show(content);
    const auto before = pictures();
    content.note = QStringLiteral("step 2");
    content.alarm = QStringLiteral("warn");
    show(content);
    EXPECT_EQ(label("note").text().toStdString(), "step 2");
    EXPECT_EQ(pictures(), before);
    EXPECT_GE(before.size(), 3U);
}

TEST_F(PlotTest, LimitsThatCannotBeAreIgnored)
{
    show(contentFrom({ trackFrom({ 1, 2 }) }));
    plot.setYLimits(YRange { 5, 5 });
    plot.drawNow();
    EXPECT_LT(plot.canvas().frame().axis.range().to, 3);
    plot.setScale(chart::Scale::Log);
    plot.setYLimits(YRange { -1, 5 });
    plot.drawNow();
    EXPECT_GT(plot.canvas().frame().axis.range().from, 0);
}

TEST_F(PlotTest, ThePictureForAFileHasTitleAndLines)
{
    show(contentFrom({ trackFrom({ 1, 2 }) }));
    QImage image(600, 300, QImage::Format_RGB32);
    QPainter painter(&image);
    plot.paintForExport(painter, { 600, 300 });
    painter.end();
    EXPECT_EQ(image.pixelColor(599, 299), themeFor(Scheme::Light).surface);
    EXPECT_GT(image.size().width(), 0);
}

} // namespace
