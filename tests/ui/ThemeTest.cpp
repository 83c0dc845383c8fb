// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/Theme.h"

#include <gtest/gtest.h>

#include <QApplication>
#include <QMenu>
#include <QTableWidget>

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

int differences(const QImage& one, const QImage& other)
{
    int count = 0;
    for (int y = 0; y < one.height(); ++y) {
        for (int x = 0; x < one.width(); ++x) {
            count += one.pixel(x, y) == other.pixel(x, y) ? 0 : 1;
        }
    }
    return count;
}

TEST(Theme, WhatIsChosenIsSeenInEveryScheme)
{
    for (const auto scheme : { Scheme::Dark, Scheme::ContrastLight, Scheme::ContrastDark, Scheme::Light }) {
        applyTheme(*qApp, scheme);
        QTableWidget table(3, 2);
        table.setSelectionBehavior(QAbstractItemView::SelectRows);
        table.setShowGrid(false);
        table.resize(300, 200);
        const QImage none = table.viewport()->grab().toImage();
        table.selectRow(1);
        EXPECT_GT(differences(none, table.viewport()->grab().toImage()), 2 * table.columnWidth(0)) << "a row in scheme " << static_cast<int>(scheme);
        QMenu menu;
        QAction* action = menu.addAction(QStringLiteral("Pause"));
        menu.resize(menu.sizeHint());
        const QImage calm = menu.grab().toImage();
        menu.setActiveAction(action);
        EXPECT_GT(differences(calm, menu.grab().toImage()), 200) << "a menu in scheme " << static_cast<int>(scheme);
    }
}

} // namespace
} // namespace dubito::ui
