// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/dashboard/FewColours.h"

#include <gtest/gtest.h>

#include <cstdlib>

namespace dubito {
namespace {

TEST(FewColours, OfFewColoursNoneIsChanged)
{
    QImage picture(16, 16, QImage::Format_RGB888);
    for (int i = 0; i < 256; ++i) {
        picture.setPixelColor(i % 16, i / 16, QColor(i, 255 - i, i / 2));
    }
    const QImage few = withFewColours(picture);
    EXPECT_EQ(few.format(), QImage::Format_Indexed8);
    EXPECT_EQ(few.convertToFormat(QImage::Format_RGB888), picture);
}

TEST(FewColours, OfManyEachIsReplacedByANearOne)
{
    QImage picture(256, 256, QImage::Format_RGB888);
    for (int y = 0; y < 256; ++y) {
        for (int x = 0; x < 256; ++x) {
            picture.setPixelColor(x, y, QColor(x, y, 128));
        }
    }
    const QImage few = withFewColours(picture);
    EXPECT_EQ(few.colorCount(), 256);
    for (int y = 0; y < 256; ++y) {
        for (int x = 0; x < 256; ++x) {
            ASSERT_LT(std::abs(few.pixelColor(x, y).red() - x), 40);
            ASSERT_LT(std::abs(few.pixelColor(x, y).green() - y), 40);
        }
    }
}

TEST(FewColours, AGroundKeepsItsColourAmongManyThatAreNear)
{
    const QColor ground(0xEE, 0xF0, 0xF3);
    QImage picture(256, 256, QImage::Format_RGB888);
    picture.fill(ground);
    for (int y = 0; y < 100; ++y) {
        for (int x = 0; x < 256; ++x) {
            picture.setPixelColor(x, y, QColor(200 + x % 56, 200 + y % 56, 255 - (x + y) % 60));
        }
    }
    EXPECT_EQ(withFewColours(picture).pixelColor(200, 200), ground);
}

TEST(FewColours, NoPictureIsNone) { EXPECT_TRUE(withFewColours(QImage()).isNull()); }

} // namespace
} // namespace dubito
