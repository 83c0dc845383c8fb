// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/chart/PlotFrame.h"

#include "tests/ui/chart/PlotSamples.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace {

using namespace dubito::tests;
using namespace dubito::ui;
using namespace dubito::ui::chart;

const View kView { XUnit::Step, { 0, 10 }, 500 };

PlotFrame frameOf(const PlotContent& content, const PlotChoices& choices = {}, const View& view = kView)
{
    return compose(content, view, choices, themeFor(Scheme::Light));
}

bool isDrawable(const PlotFrame& frame)
{
    return std::ranges::all_of(frame.curves, [](const Curve& curve) {
        return std::ranges::all_of(curve.points, [](const QPointF& point) {
            return std::abs(point.x()) <= 50 && std::abs(point.y()) <= 50;
        });
    });
}

Limit limitAt(double value)
{
    return { QStringLiteral("budget"), value, Ink::Act, 1, false };
}

TEST(PlotFrame, AGapIsAGap)
{
    PlotContent content;
    Track estimate;
    estimate.key = QStringLiteral("estimate");
    for (int step = 1; step <= 9; ++step) {
        const bool known = step != 4 && step != 5;
        estimate.points.push_back({ .step = step, .seconds = 1.0 * step, .low = 1, .high = 1, .mean = 1, .samples = known ? 1 : 0, .nonFinite = known ? 0 : 1 });
    }
    const auto curvesOf = [&] { return compose(content, { XUnit::Step, { 0, 10 }, 100 }, {}, themeFor(Scheme::Light)).curves; };
    content.tracks = { estimate };
    EXPECT_EQ(curvesOf().size(), 1U) << "an accident is marked, and the line goes on";
    content.tracks.front().marksNonFinite = false;
    const auto curves = curvesOf();
    ASSERT_EQ(curves.size(), 2U);
    EXPECT_EQ(curves[1].key, QStringLiteral("estimate#1"));
    EXPECT_LT(curves[0].points.back().x(), 0.31);
    EXPECT_GT(curves[1].points.front().x(), 0.59);
}

TEST(PlotFrame, EverythingThatIsDrawnIsBounded)
{
    for (const auto scale : { chart::Scale::Linear, chart::Scale::Log }) {
        PlotChoices choices;
        choices.scale = scale;
        const auto frame = frameOf(contentFrom({ trackFrom({ 0, -1, 1e300, kNaN, kInfinity, 1e-300, 3 }) }), choices);
        EXPECT_TRUE(isDrawable(frame));
        EXPECT_EQ(frame.nonFinite.size(), 2U);
        EXPECT_TRUE(frame.note.contains(QStringLiteral("not a number")));
    }
}

TEST(PlotFrame, OnlyTheForecastIsDashedAndHasTwoPoints)
{
    std::vector<Track> tracks;
    for (const Shape shape : { Shape::Line, Shape::SmoothLine, Shape::Bars, Shape::Band, Shape::Layer, Shape::Dots, Shape::Forecast }) {
        tracks.push_back(trackFrom({ 1, 3, 2, 5 }, QStringLiteral("shape%1").arg(static_cast<int>(shape))));
        tracks.back().shape = shape;
    }
    int dashed = 0;
    for (const Curve& curve : frameOf(contentFrom(tracks)).curves) {
        if (curve.kind == CurveKind::Dashes) {
            ++dashed;
            EXPECT_EQ(curve.points.size(), 2U);
        }
    }
    EXPECT_EQ(dashed, 1);
}

TEST(PlotFrame, AFlatLineIsInTheMiddle)
{
    const auto frame = frameOf(contentFrom({ trackFrom({ 7, 7, 7 }) }));
    EXPECT_NEAR(frame.curves.at(0).points.at(0).y(), 0.5, 0.01);
}

TEST(PlotFrame, NothingIsEmptyAndSomethingIsNot)
{
    EXPECT_TRUE(frameOf(contentFrom({})).isEmpty);
    EXPECT_TRUE(frameOf(contentFrom({ trackFrom({ kNaN }) })).isEmpty);
    EXPECT_FALSE(frameOf(contentFrom({ trackFrom({ 1 }) })).isEmpty);
}

TEST(PlotFrame, ALimitNearTheDataIsDrawnAndOneFarAwayIsNamed)
{
    PlotContent content = contentFrom({ trackFrom({ 4, 5 }) });
    content.limits = { limitAt(5.3), limitAt(8) };
    const auto frame = frameOf(content);
    ASSERT_EQ(frame.limits.size(), 1U);
    EXPECT_EQ(frame.limits[0].text.toStdString(), "budget 5.3");
    EXPECT_EQ(frame.note.toStdString(), "above: budget 8");
}

TEST(PlotFrame, ALimitThatMustBeSeenStretchesTheAxis)
{
    PlotContent content = contentFrom({ trackFrom({ 0, 0.1 }) });
    content.limits = { limitAt(1) };
    content.limits[0].needsToBeSeen = true;
    EXPECT_EQ(frameOf(content).limits.size(), 1U);
}

TEST(PlotFrame, ASwitchedOffTrackIsNeitherDrawnNorMeasured)
{
    PlotChoices choices;
    choices.off = { QStringLiteral("large") };
    const auto frame
        = frameOf(contentFrom({ trackFrom({ 1, 2 }), trackFrom({ 1000, 2000 }, QStringLiteral("large")) }), choices);
    EXPECT_EQ(frame.curves.size(), 1U);
    EXPECT_LT(frame.axis.range().to, 3);
}

TEST(PlotFrame, TheRawLineLiesFaintBehindEverything)
{
    Track smooth = trackFrom({ 1, 2, 1, 2 }, QStringLiteral("ce"));
    smooth.shape = Shape::SmoothLine;
    smooth.raw = RawLine::Faint;
    const auto frame = frameOf(contentFrom({ trackFrom({ 1, 1 }), smooth }));
    ASSERT_EQ(frame.curves.size(), 3U);
    EXPECT_EQ(frame.curves[0].key.toStdString(), "ce/raw");
    EXPECT_EQ(frame.curves[0].color, themeFor(Scheme::Light).raw);
    EXPECT_EQ(frame.curves[2].key.toStdString(), "ce");
}

TEST(PlotFrame, SingleValuesThatAreNotDrawnTakeNoRoom)
{
    Track smooth = trackFrom({ 5, 5, 5, 5, 5, 1, 5, 5 }, QStringLiteral("weighted"));
    smooth.shape = Shape::SmoothLine;
    smooth.raw = RawLine::Hidden;
    PlotChoices choices;
    choices.smoothing = 0.9;
    EXPECT_GT(frameOf(contentFrom({ smooth }), choices).axis.range().from, 3);
    smooth.raw = RawLine::Faint;
    EXPECT_LE(frameOf(contentFrom({ smooth }), choices).axis.range().from, 1);
    smooth.raw = RawLine::Hidden;
    choices.smoothing = 0;
    EXPECT_LE(frameOf(contentFrom({ smooth }), choices).axis.range().from, 1) << "not smoothed they are drawn";
}

TEST(PlotFrame, AStackSaysWhereItsAxisStarts)
{
    std::vector<std::vector<TrackPoint>> layers { pointsFrom({ 4, 4, 4 }), pointsFrom({ 0.5, 0.52, 0.55 }) };
    stackUp(layers);
    PlotContent content = contentFrom({ trackFrom({}), trackFrom({}, QStringLiteral("b")) });
    content.base = YBase::NearZoomed;
    for (std::size_t i = 0; i < 2; ++i) {
        content.tracks[i].shape = Shape::Layer;
        content.tracks[i].points = layers[i];
    }
    EXPECT_LE(frameOf(content).axis.range().from, 0);
    const auto zoomed = frameOf(content, {}, { XUnit::Step, { 1, 3 }, 100 });
    EXPECT_GT(zoomed.axis.range().from, 4);
    EXPECT_TRUE(zoomed.note.startsWith(QStringLiteral("axis starts at"))) << zoomed.note.toStdString();
}

TEST(PlotFrame, AnAreaEndsAtItsNewestPoint)
{
    PlotContent content = contentFrom({ trackFrom(std::vector<double>(1000, 4)) });
    content.tracks[0].shape = Shape::Layer;
    const auto frame = frameOf(content, {}, { XUnit::Step, { 1, 1000 }, 100 });
    ASSERT_FALSE(frame.curves.empty());
    for (const Curve& curve : frame.curves) {
        EXPECT_DOUBLE_EQ(curve.points.back().x(), 1) << curve.key.toStdString();
    }
}

TEST(PlotFrame, LimitsSetByHandWin)
{
    PlotChoices choices;
    choices.limits = YRange { 2, 3 };
    EXPECT_EQ(frameOf(contentFrom({ trackFrom({ 1, 100 }) }), choices).axis.range(), (YRange { 2, 3 }));
}

TEST(PlotFrame, EveryInkHasAColourInEveryTheme)
{
    for (const Scheme scheme : { Scheme::Light, Scheme::Dark, Scheme::ContrastLight, Scheme::ContrastDark }) {
        for (int ink = 0; ink <= static_cast<int>(Ink::Limit); ++ink) {
            const Theme& theme = themeFor(scheme);
            EXPECT_NE(colorOf(static_cast<Ink>(ink), theme), theme.surface) << ink;
        }
    }
}

} // namespace
