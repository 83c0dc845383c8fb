// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/chart/EventMarks.h"

#include <gtest/gtest.h>

namespace {

using namespace dubito::ui::chart;
using dubito::session::Event;
using dubito::session::EventKind;

Event eventAt(std::int64_t step, EventKind kind)
{
    Event event;
    event.id = static_cast<std::uint64_t>(step);
    event.step = step;
    event.time = std::chrono::seconds(step);
    event.kind = kind;
    return event;
}

const View kView { XUnit::Step, { 0, 1000 }, 1000 };

TEST(EventMarks, MarksStandWhereTheEventsWere)
{
    const std::vector events { eventAt(100, EventKind::Checkpoint), eventAt(500, EventKind::Reload) };
    const auto marks = layOut(events, kView, 500);
    ASSERT_EQ(marks.size(), 2U);
    EXPECT_DOUBLE_EQ(marks[0].pixel, 50);
    EXPECT_DOUBLE_EQ(marks[1].pixel, 250);
}

TEST(EventMarks, TheGraverOneStandsForThoseCloserThanTenPixels)
{
    const std::vector events { eventAt(500, EventKind::Act), eventAt(504, EventKind::Checkpoint),
        eventAt(509, EventKind::Reload), eventAt(525, EventKind::Pause) };
    const auto marks = layOut(events, kView, 1000);
    ASSERT_EQ(marks.size(), 2U);
    EXPECT_EQ(marks[0].event.kind, EventKind::Act);
    EXPECT_EQ(marks[0].others, 2);
    EXPECT_EQ(marks[1].event.kind, EventKind::Pause);
}

TEST(EventMarks, ZoomingInTellsThemApartAgain)
{
    const std::vector events { eventAt(500, EventKind::Act), eventAt(504, EventKind::Checkpoint) };
    EXPECT_EQ(layOut(events, { XUnit::Step, { 490, 510 }, 1000 }, 1000).size(), 2U);
}

TEST(EventMarks, WhatIsOutsideTheViewHasNoMark)
{
    const std::vector events { eventAt(1, EventKind::Start), eventAt(2000, EventKind::Finish) };
    EXPECT_EQ(layOut(events, kView, 1000).size(), 1U);
    EXPECT_TRUE(layOut(events, { XUnit::Step, { 5, 5 }, 10 }, 100).empty());
}

TEST(EventMarks, TheyFollowTheTimeWhereTimeIsTheAxis)
{
    Event late = eventAt(10, EventKind::Warn);
    late.time = std::chrono::seconds(900);
    const auto marks = layOut(std::vector { late }, { XUnit::Time, { 0, 1000 }, 100 }, 100);
    ASSERT_EQ(marks.size(), 1U);
    EXPECT_DOUBLE_EQ(marks[0].pixel, 90);
}

TEST(EventMarks, TheNearestMarkIsFoundWithinReach)
{
    const std::vector events { eventAt(100, EventKind::Warn), eventAt(120, EventKind::Act) };
    const auto marks = layOut(events, kView, 1000);
    EXPECT_EQ(markAt(marks, 112, 10), 1);
    EXPECT_EQ(markAt(marks, 300, 10), -1);
}

TEST(EventMarks, AMarkTellsCauseResultAndCost)
{
    Event event = eventAt(1840, EventKind::Reload);
    event.cause = "act: untracked grew by 3.6 MB/step";
    event.numbers = { { "before_mb", 5724.0 }, { "after_mb", 5312.0 }, { "seconds", 9.2 } };
    const Story story = storyOf({ 0, 1840, event, 0 });
    const QString text = story.toPlainText();
    EXPECT_EQ(story.heading.toStdString(), "Reload at step 1,840");
    EXPECT_TRUE(text.contains(QStringLiteral("cause: act: untracked grew by 3.6 MB/step"))) << text.toStdString();
    EXPECT_TRUE(text.contains(QStringLiteral("412 MiB"))) << text.toStdString();
    EXPECT_TRUE(text.contains(QStringLiteral("cost: 9.2 s"))) << text.toStdString();
}

TEST(EventMarks, TextFromOutsideIsNeverMarkup)
{
    Event event = eventAt(1, EventKind::Fail);
    event.text = "<img src=x> & \"quotes\"";
    event.cause = std::string(5000, 'x');
    const QString html = storyOf({ 0, 1, event, 0 }).toHtml();
    EXPECT_FALSE(html.contains(QStringLiteral("<img")));
    EXPECT_LT(html.size(), 1000);
}

TEST(EventMarks, EveryKindHasAWordAndACheckpointHasNoLine)
{
    for (std::size_t i = 0; i < dubito::session::kEventKindCount; ++i) {
        EXPECT_FALSE(kindText(static_cast<EventKind>(i)).isEmpty());
    }
    EXPECT_FALSE(styleOf(EventKind::Checkpoint).hasLine);
    EXPECT_TRUE(styleOf(EventKind::Reload).hasLine);
}

} // namespace
