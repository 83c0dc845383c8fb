// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/session/EventStory.h"

#include <gtest/gtest.h>

namespace dubito::ui {
namespace {

TEST(EventStory, KnownNumbersHaveNamesAndUnits)
{
    session::Event event;
    event.cause = "emergency";
    event.numbers = { { "before_mb", 5724 }, { "seconds", 9.2 }, { "odd_thing", 3 } };
    const auto story = storyOf(event);
    ASSERT_EQ(story.size(), 5U);
    EXPECT_EQ(story[0].second, QStringLiteral("emergency"));
    EXPECT_EQ(story[1].second, QStringLiteral("5,724 MiB"));
    EXPECT_EQ(story[2].second, QStringLiteral("9.2 s"));
    EXPECT_EQ(story[3].first, QStringLiteral("odd thing"));
}

TEST(EventStory, WhoGrowsIsSpelledAsInTheCharts)
{
    GrowthBars bars;
    bars.setGrowth({ { "rss", 3.5, 3, 4 }, { "activations", 4, 3.5, 4.5 } }, 1);
    EXPECT_EQ(bars.accessibleName().toStdString(), "Who grows, in MB per step: activations 4.00, RSS 3.50");
}

} // namespace
} // namespace dubito::ui
