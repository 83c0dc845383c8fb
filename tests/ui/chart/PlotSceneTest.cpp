// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/chart/PlotScene.h"

#include <gtest/gtest.h>

#include <QImage>
#include <QPainter>

namespace {

using namespace dubito::ui::chart;

Curve curve(const QString& key, CurveKind kind, double y = 0.5)
{
    Curve made;
    made.key = key;
    made.kind = kind;
    made.points = { { 0, y }, { 1, y } };
    made.lower = { { 0, 0.1 }, { 1, 0.1 } };
    made.color = Qt::red;
    made.ground = Qt::white;
    made.width = 2;
    return made;
}

QImage pictureOf(PlotScene& scene)
{
    QImage image(200, 100, QImage::Format_RGB32);
    image.fill(Qt::white);
    QPainter painter(&image);
    scene.paint(painter, QRectF(0, 0, 200, 100));
    return image;
}

int redPixels(const QImage& image, const QRect& part)
{
    int count = 0;
    for (int y = part.top(); y <= part.bottom(); ++y) {
        for (int x = part.left(); x <= part.right(); ++x) {
            const QColor color = image.pixelColor(x, y);
            count += color.red() > 200 && color.green() < 120 ? 1 : 0;
        }
    }
    return count;
}

TEST(PlotScene, ALineIsThereRightAfterDrawing)
{
    PlotScene scene;
    scene.setGeometry({ 200, 100 }, { 20, 10, 170, 80 });
    scene.draw({ curve(QStringLiteral("a"), CurveKind::Line) });
    const QImage image = pictureOf(scene);
    EXPECT_GT(redPixels(image, { 20, 47, 170, 6 }), 150);
    EXPECT_EQ(redPixels(image, { 0, 0, 18, 100 }), 0);
}

/// One of each kind, and a scene that has drawn nothing yet.
class ThreeCurves : public testing::Test {
protected:
    ThreeCurves() { scene.setGeometry({ 200, 100 }, { 20, 10, 170, 80 }); }

    PlotScene scene;
    const Curve a = curve(QStringLiteral("a"), CurveKind::Line);
    const Curve b = curve(QStringLiteral("b"), CurveKind::Area);
    const Curve c = curve(QStringLiteral("c"), CurveKind::Dots);
};

TEST_F(ThreeCurves, KeepTheirSeriesAndRemovedOnesAreGone)
{
    scene.draw({ a, b, c });
    EXPECT_EQ(scene.seriesCount(), 3);
    scene.draw({ a, b, c });
    EXPECT_EQ(scene.seriesCount(), 3);
    scene.draw({ b });
    EXPECT_EQ(scene.seriesCount(), 1);
    scene.draw({});
    EXPECT_EQ(scene.seriesCount(), 0);
    EXPECT_EQ(redPixels(pictureOf(scene), { 0, 0, 200, 100 }), 0);
}

TEST_F(ThreeCurves, KeepTheirSeriesWhenOthersComeAndGo)
{
    scene.draw({ a, c });
    const auto* first = scene.seriesOf(a.key);
    const auto* last = scene.seriesOf(c.key);
    ASSERT_NE(first, nullptr);
    ASSERT_NE(last, nullptr);
    EXPECT_EQ(scene.seriesOf(b.key), nullptr);
    for (const std::vector<Curve>& curves : std::vector<std::vector<Curve>> { { a, c }, { a, b, c }, { b, c, a }, { a, c } }) {
        scene.draw(curves);
        EXPECT_EQ(scene.seriesOf(a.key), first);
        EXPECT_EQ(scene.seriesOf(c.key), last);
        EXPECT_EQ(scene.seriesCount(), static_cast<int>(curves.size()));
    }
    EXPECT_EQ(scene.seriesOf(b.key), nullptr);
}

TEST(PlotScene, ACurveThatComesLaterLiesWhereTheListSays)
{
    PlotScene scene;
    scene.setGeometry({ 200, 100 }, { 20, 10, 170, 80 });
    const auto red = curve(QStringLiteral("red"), CurveKind::Line);
    auto blue = curve(QStringLiteral("blue"), CurveKind::Line);
    blue.color = Qt::blue;
    blue.width = 6;
    scene.draw({ blue });
    scene.draw({ red, blue });
    EXPECT_EQ(redPixels(pictureOf(scene), { 0, 0, 200, 100 }), 0);
    scene.draw({ blue, red });
    EXPECT_GT(redPixels(pictureOf(scene), { 0, 0, 200, 100 }), 150);
}

TEST(PlotScene, AColourChangeIsSeenWithoutNewSeries)
{
    PlotScene scene;
    scene.setGeometry({ 200, 100 }, { 20, 10, 170, 80 });
    auto line = curve(QStringLiteral("a"), CurveKind::Line);
    line.color = Qt::blue;
    scene.draw({ line });
    EXPECT_EQ(redPixels(pictureOf(scene), { 0, 0, 200, 100 }), 0);
    line.color = Qt::red;
    scene.draw({ line });
    EXPECT_GT(redPixels(pictureOf(scene), { 0, 0, 200, 100 }), 150);
}

TEST(PlotScene, EmptyAndSinglePointCurvesAreHarmless)
{
    PlotScene scene;
    scene.setGeometry({ 200, 100 }, { 20, 10, 170, 80 });
    for (const auto kind : { CurveKind::Line, CurveKind::Dashes, CurveKind::Area, CurveKind::Dots }) {
        auto made = curve(QStringLiteral("a"), kind);
        made.points.resize(1);
        made.lower.resize(1);
        scene.draw({ made });
        pictureOf(scene);
        made.points.clear();
        made.lower.clear();
        scene.draw({ made });
        pictureOf(scene);
    }
}

} // namespace
