// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/Symbol.h"

#include <gtest/gtest.h>

#include <QFontMetrics>
#include <QImage>
#include <QPainter>

namespace dubito::ui {
namespace {

QImage drawn(Symbol symbol, int side)
{
    QImage image(side, side, QImage::Format_ARGB32_Premultiplied);
    image.fill(Qt::transparent);
    QPainter painter(&image);
    paintSymbol(painter, QRectF(0, 0, side, side), symbol, Qt::black, Qt::white);
    return image;
}

bool isEmpty(const QImage& image)
{
    QImage blank(image.size(), image.format());
    blank.fill(Qt::transparent);
    return image == blank;
}

TEST(Symbol, EverySymbolHasAPictureInTheResources)
{
    for (int i = 1; i <= static_cast<int>(Symbol::Chart); ++i) {
        EXPECT_FALSE(isEmpty(drawn(static_cast<Symbol>(i), 16))) << "symbol " << i;
    }
    EXPECT_TRUE(isEmpty(drawn(Symbol::None, 16)));
}

TEST(Symbol, StatesDifferInShapeNotOnlyInColour)
{
    EXPECT_NE(drawn(Symbol::Tick, 16), drawn(Symbol::Warn, 16));
    EXPECT_NE(drawn(Symbol::Warn, 16), drawn(Symbol::Cross, 16));
    EXPECT_NE(drawn(Symbol::Silent, 16), drawn(Symbol::Idle, 16));
}

TEST(Symbol, StandsInTheMiddleOfTheLineBesideIt)
{
    SymbolLabel label(10);
    label.setSymbol(Symbol::Square, Tone::Text);
    const int own = label.sizeHint().height();
    QFont large;
    large.setPointSizeF(40);
    label.standInLine(large);
    EXPECT_EQ(label.sizeHint(), QSize(own, QFontMetrics(large).height()));
    label.resize(label.sizeHint());
    QImage image(label.size(), QImage::Format_ARGB32_Premultiplied);
    image.fill(Qt::transparent);
    label.render(&image, {}, {}, QWidget::RenderFlags());
    EXPECT_TRUE(isEmpty(image.copy(0, 0, own, image.height() / 2 - own)));
    EXPECT_FALSE(isEmpty(image.copy(0, image.height() / 2 - own / 2, own, own)));
}

TEST(Symbol, AnIconIsDrawnForEachSizeThatIsAskedFor)
{
    const QIcon icon = symbolIcon(Symbol::Running);
    EXPECT_EQ(icon.pixmap(16).width(), 16);
    EXPECT_EQ(icon.pixmap(48).width(), 48);
    EXPECT_NE(icon.pixmap(16, QIcon::Normal).toImage(), icon.pixmap(16, QIcon::Disabled).toImage());
}

} // namespace
} // namespace dubito::ui
