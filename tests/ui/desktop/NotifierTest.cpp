// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/desktop/Notifier.h"

#include <gtest/gtest.h>

namespace dubito::ui {
namespace {

using namespace std::chrono_literals;
using session::Event;
using session::EventKind;

Event eventOf(EventKind kind, std::string cause = "pressure")
{
    Event event;
    event.id = 1;
    event.kind = kind;
    event.cause = std::move(cause);
    event.text = "what happened";
    return event;
}

TEST(Notifier, TellsOfEndsPausesReloadsAndLeaksButNotOfCheckpoints)
{
    for (const auto kind : { EventKind::Finish, EventKind::Fail, EventKind::Pause, EventKind::Reload, EventKind::Act }) {
        EXPECT_TRUE(noticeOf(eventOf(kind)).has_value());
    }
    EXPECT_FALSE(noticeOf(eventOf(EventKind::Checkpoint)).has_value());
    EXPECT_FALSE(noticeOf(eventOf(EventKind::Pause, "user")).has_value());
}

TEST(Notifier, ANoticeAtATimeButAnUrgentOneMayFollowACalmOne)
{
    NoticeGate gate;
    const Notice calm { {}, {}, false };
    const Notice urgent { {}, {}, true };
    EXPECT_TRUE(gate.passes(calm, 0s));
    EXPECT_FALSE(gate.passes(calm, 5s));
    EXPECT_TRUE(gate.passes(urgent, 6s));
    EXPECT_FALSE(gate.passes(urgent, 7s));
    EXPECT_TRUE(gate.passes(calm, 17s));
}

TEST(Notifier, WithoutABusItIsSilent)
{
    Notifier notifier;
    notifier.tell(eventOf(EventKind::Fail));
}

} // namespace
} // namespace dubito::ui
