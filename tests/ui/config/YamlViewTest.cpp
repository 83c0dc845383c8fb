// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/config/YamlView.h"

#include <gtest/gtest.h>

#include <QTextBlock>
#include <QTextLayout>

namespace dubito::ui {
namespace {

TEST(YamlView, APlaceNamesItsLine)
{
    EXPECT_EQ(YamlView::lineOf("configs/my.yaml:4:3"), 4);
    EXPECT_EQ(YamlView::lineOf("my.yaml:12"), 12);
    EXPECT_EQ(YamlView::lineOf("my.yaml"), 0);
    EXPECT_EQ(YamlView::lineOf(""), 0);
}

TEST(YamlView, KeysAndCommentsHaveInksOfTheirOwn)
{
    YamlView view;
    view.setYaml("seed: 3 # lucky\n# alone\n");
    const auto formats = view.document()->firstBlock().layout()->formats();
    ASSERT_GE(formats.size(), 2);
    EXPECT_NE(formats.front().format.foreground(), formats.back().format.foreground());
}

TEST(YamlView, AHashInsideQuotesIsNoComment)
{
    YamlView view;
    view.setYaml("path: \"a # b\"\n");
    for (const auto& range : view.document()->firstBlock().layout()->formats()) {
        EXPECT_FALSE(range.format.fontItalic());
    }
}

TEST(YamlView, AVeryLongLineIsColouredInNoTime)
{
    YamlView view;
    view.setYaml("path: " + std::string(100'000, 'x') + "\n");
    EXPECT_EQ(view.yaml().size(), 100'007U);
}

} // namespace
} // namespace dubito::ui
