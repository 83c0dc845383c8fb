// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/SnapshotSignals.h"

#include "tests/support/FakeSession.h"
#include "tests/support/SnapshotBuilder.h"

#include <gtest/gtest.h>

namespace dubito::ui {
namespace {

using session::EventKind;
using tests::FakeSession;
using tests::SnapshotBuilder;

struct Heard {
    explicit Heard(SnapshotSignals& from)
    {
        QObject::connect(&from, &SnapshotSignals::snapshotReady, &from, [this](const SnapshotPointer&) { ++snapshots; });
        QObject::connect(&from, &SnapshotSignals::eventHappened, &from,
            [this](const session::Event& event) { events.push_back(event.id); });
    }

    int snapshots = 0;
    std::vector<std::uint64_t> events;
};

TEST(SnapshotSignals, AnUnchangedRevisionIsToldOnce)
{
    FakeSession session;
    session.show(SnapshotBuilder().running(10).build());
    SnapshotSignals snapshots(session);
    const Heard heard(snapshots);
    snapshots.poll();
    snapshots.poll();
    EXPECT_EQ(heard.snapshots, 1);
    session.show(SnapshotBuilder().running(11).build());
    snapshots.poll();
    EXPECT_EQ(heard.snapshots, 2);
}

TEST(SnapshotSignals, EveryNewEventIsToldOnceAndHistoryIsNot)
{
    FakeSession session;
    session.show(SnapshotBuilder().running(10).event(EventKind::Start, 0, "old").build());
    SnapshotSignals snapshots(session);
    const Heard heard(snapshots);
    snapshots.poll();
    EXPECT_TRUE(heard.events.empty());
    session.show(SnapshotBuilder().running(12).event(EventKind::Start, 0, "old").event(EventKind::Warn, 11, "w").event(EventKind::Act, 12, "a").build());
    snapshots.poll();
    snapshots.poll();
    EXPECT_EQ(heard.events, (std::vector<std::uint64_t> { 2, 3 }));
}

TEST(SnapshotSignals, AnotherRunBeginsItsIdsAnew)
{
    FakeSession session;
    session.show(SnapshotBuilder().running(10).event(EventKind::Start, 0, "a").event(EventKind::Stop, 9, "b").build());
    SnapshotSignals snapshots(session);
    const Heard heard(snapshots);
    snapshots.poll();
    session.show(SnapshotBuilder().running(1).event(EventKind::Start, 0, "again").build());
    snapshots.poll();
    EXPECT_EQ(heard.events, (std::vector<std::uint64_t> { 1 }));
}

TEST(SnapshotSignals, LooksLessOftenWhileHidden)
{
    FakeSession session;
    SnapshotSignals snapshots(session);
    EXPECT_EQ(snapshots.interval(), std::chrono::milliseconds(200));
    snapshots.setWatch(SnapshotSignals::Watch::Hidden);
    EXPECT_EQ(snapshots.interval(), std::chrono::milliseconds(1000));
}

} // namespace
} // namespace dubito::ui
