// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/Theme.h"

#include <gtest/gtest.h>

#include <cstdlib>

namespace dubito::ui {
namespace {

TEST(Theme, APaletteTellsItsOwnScheme)
{
    for (const auto scheme : { Scheme::Light, Scheme::Dark, Scheme::ContrastLight, Scheme::ContrastDark }) {
        EXPECT_EQ(themeOf(paletteFor(scheme)).scheme, scheme);
    }
}

TEST(Theme, WhatCannotBeUsedLooksSoInEveryScheme)
{
    for (const auto scheme : { Scheme::Light, Scheme::Dark, Scheme::ContrastLight, Scheme::ContrastDark }) {
        const QPalette palette = paletteFor(scheme);
        const QColor usable = palette.color(QPalette::Active, QPalette::ButtonText);
        const QColor disabled = palette.color(QPalette::Disabled, QPalette::ButtonText);
        EXPECT_GT(std::abs(usable.lightness() - disabled.lightness()), 60) << static_cast<int>(scheme);
        EXPECT_EQ(themeOf(palette).disabled, disabled);
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
