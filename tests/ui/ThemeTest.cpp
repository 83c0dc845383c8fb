// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/Theme.h"

#include <gtest/gtest.h>

namespace dubito::ui {
namespace {

TEST(Theme, APaletteTellsItsOwnScheme)
{
    for (const auto scheme : { Scheme::Light, Scheme::Dark, Scheme::ContrastLight, Scheme::ContrastDark }) {
        EXPECT_EQ(themeOf(paletteFor(scheme)).scheme, scheme);
    }
}

TEST(Theme, SystemFollowsTheDesktopAndAChoiceDoesNot)
{
    const QPalette dark = paletteFor(Scheme::Dark);
    EXPECT_EQ(schemeFor(ThemeChoice::System, dark), Scheme::Dark);
    EXPECT_EQ(schemeFor(ThemeChoice::Light, dark), Scheme::Light);
    EXPECT_EQ(schemeFor(ThemeChoice::HighContrast, dark), Scheme::ContrastDark);
}

TEST(Theme, TypeScalesWithTheFontOfTheDesktop)
{
    QFont large;
    large.setPointSizeF(26);
    EXPECT_DOUBLE_EQ(typeFont(large, TypeSize::Answer).pointSizeF(), 34);
    EXPECT_DOUBLE_EQ(typeFont(large, TypeSize::Unit).pointSizeF(), 22);
}

} // namespace
} // namespace dubito::ui
