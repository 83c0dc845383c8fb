// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/provenance/SourceLook.h"

#include "backend/metrics/Metric.h"

#include <gtest/gtest.h>

#include <QImage>
#include <QPainter>

#include <set>

namespace dubito::ui {
namespace {

TEST(SourceLook, NoTwoClassesShareShapeAndColour)
{
    for (const auto scheme : { Scheme::Light, Scheme::Dark }) {
        std::set<std::pair<int, QRgb>> seen;
        for (std::size_t place = 0; place < dubito::metrics::kSourceWords.size(); ++place) {
            const SourceLook look = sourceLook(place, themeFor(scheme));
            EXPECT_TRUE(seen.insert({ static_cast<int>(look.marker), look.color.rgb() }).second) << look.word.toStdString();
        }
    }
}

TEST(SourceLook, APlaceBeyondTheTableIsTheLastOne)
{
    EXPECT_EQ(sourceLook(999, themeFor(Scheme::Light)).word, QStringLiteral("other"));
}

TEST(SourceLook, EveryMarkerLeavesInk)
{
    for (const auto marker : { Marker::Circle, Marker::Triangle, Marker::Square, Marker::Diamond, Marker::Star, Marker::Pentagon }) {
        QImage image(20, 20, QImage::Format_RGB32);
        image.fill(Qt::white);
        QPainter painter(&image);
        paintMarker(painter, marker, QPointF(10, 10), 12, Qt::black);
        painter.end();
        EXPECT_LT(qGray(image.pixel(10, 10)), 200);
    }
}

} // namespace
} // namespace dubito::ui
