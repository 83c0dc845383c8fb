// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/TextLabel.h"

#include <gtest/gtest.h>

namespace dubito::ui {
namespace {

TEST(TextLabel, WhatDoesNotFitStandsInTheToolTip)
{
    TextLabel label;
    label.setText(QStringLiteral("no leak above 0.02 MB/step"));
    label.resize(400, 20);
    EXPECT_TRUE(label.toolTip().isEmpty());
    label.resize(40, 20);
    EXPECT_TRUE(label.grab().width() > 0);
    EXPECT_TRUE(label.toolTip().contains(QStringLiteral("0.02 MB/step")));
}

TEST(TextLabel, SaysWhatItShowsToAScreenReader)
{
    TextLabel label;
    label.setSpans({ { QStringLiteral("step ") }, { QStringLiteral("3,120"), Ink::Value, QFont::DemiBold } });
    EXPECT_EQ(label.accessibleName(), QStringLiteral("step 3,120"));
}

TEST(TextLabel, MarkupIsShownNotObeyed)
{
    TextLabel label;
    label.setText(QStringLiteral("<b>x</b> and much more than fits"));
    label.resize(10, 20);
    label.grab();
    EXPECT_TRUE(label.toolTip().contains(QStringLiteral("&lt;b&gt;")));
}

} // namespace
} // namespace dubito::ui
