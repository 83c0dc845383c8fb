// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/chart/PlotExport.h"

#include "tests/ui/chart/PlotSamples.h"

#include <gtest/gtest.h>

#include <QDir>
#include <QFile>
#include <QGuiApplication>
#include <QImage>
#include <QPainter>
#include <QScreen>
#include <QTemporaryDir>

namespace {

using namespace dubito::tests;
using namespace dubito::ui::chart;

const PaintPlot kPaint = [](QPainter& painter, const QSizeF& size) { painter.fillRect(QRectF({}, size), Qt::red); };

TEST(PlotExport, EveryValueIsInTheCsvExactly)
{
    const std::string csv = toCsv(contentFrom({ trackFrom({ 0.1, kNaN }), trackFrom({ 3 }, QStringLiteral("b,\"c")) }));
    EXPECT_EQ(csv,
        "step,seconds,a,a_low,a_high,\"b,\"\"c\",\"b,\"\"c\"_low,\"b,\"\"c\"_high\n"
        "1,1,0.1,0.1,0.1,3,3,3\n"
        "2,2,,,,,,\n");
}

TEST(PlotExport, ThePictureHasTwiceThePixels)
{
    const QTemporaryDir folder;
    const QString path = folder.filePath(QStringLiteral("plot.png"));
    ASSERT_TRUE(savePng(kPaint, { 100, 50 }, path));
    const QImage image(path);
    EXPECT_EQ(image.size(), QSize(200, 100));
    EXPECT_EQ(image.pixelColor(150, 90), QColor(Qt::red));
}

TEST(PlotExport, TheDrawingIsSvg)
{
    const QTemporaryDir folder;
    const QString path = folder.filePath(QStringLiteral("plot.svg"));
    ASSERT_TRUE(saveSvg(kPaint, { 100, 50 }, path));
    QFile file(path);
    ASSERT_TRUE(file.open(QIODevice::ReadOnly));
    EXPECT_TRUE(file.readAll().contains("<svg"));
}

TEST(PlotExport, WordsInADrawingAreAsLargeAsTheRoomTheyWereGiven)
{
    QFont font;
    font.setPointSizeF(9.75);
    const QByteArray svg = toSvg(
        [&](QPainter& painter, const QSizeF&) {
            painter.setFont(font);
            painter.drawText(10, 20, QStringLiteral("words"));
        },
        { 100, 50 });
    const double pixels = 9.75 * QGuiApplication::primaryScreen()->logicalDotsPerInchY() / 72;
    EXPECT_TRUE(svg.contains("font-size=\"" + QByteArray::number(pixels) + '"')) << svg.constData();
}

TEST(PlotExport, AFolderThatIsNotThereIsNamed)
{
    const auto saved = saveCsv(contentFrom({}), QStringLiteral("/nowhere/at/all/plot.csv"));
    ASSERT_FALSE(saved);
    EXPECT_EQ(saved.error().code, dubito::ErrorCode::Output);
    EXPECT_NE(toText(saved.error()).find("/nowhere"), std::string::npos);
}

} // namespace
