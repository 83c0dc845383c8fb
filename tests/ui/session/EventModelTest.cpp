// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/session/EventModel.h"

#include "tests/support/SnapshotBuilder.h"

#include <gtest/gtest.h>

#include <QAbstractItemModelTester>
#include <QSignalSpy>

namespace dubito::ui {
namespace {

using session::EventKind;
using tests::SnapshotBuilder;

std::vector<session::Event> events(std::uint64_t first, std::uint64_t last)
{
    std::vector<session::Event> made;
    for (std::uint64_t id = first; id <= last; ++id) {
        session::Event event;
        event.id = id;
        event.step = static_cast<std::int64_t>(id);
        event.kind = id % 5 == 0 ? EventKind::Act : EventKind::Checkpoint;
        event.text = "event " + std::to_string(id);
        made.push_back(event);
    }
    return made;
}

TEST(EventModel, NewestFirstAndInWords)
{
    EventModel model;
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::Warning);
    model.display(SnapshotBuilder().leaking().build().events);
    EXPECT_EQ(model.index(0, EventModel::Kind).data().toString(), QStringLiteral("reload"));
    EXPECT_EQ(model.index(0, EventModel::Step).data().toString(), QStringLiteral("3,404"));
    EXPECT_EQ(model.index(0, EventModel::Text).data().toString(), QStringLiteral("running, 2.8 s so far"));
}

TEST(EventModel, NewOnesAreInsertedOnTopAndOldOnesLeaveBelow)
{
    EventModel model;
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::Warning);
    model.display(events(1, 512));
    QSignalSpy reset(&model, &QAbstractItemModel::modelReset);
    QSignalSpy inserted(&model, &QAbstractItemModel::rowsInserted);
    model.display(events(11, 522));
    EXPECT_EQ(reset.count(), 0);
    EXPECT_EQ(inserted.count(), 1);
    EXPECT_EQ(model.rowCount(), 512);
    EXPECT_EQ(model.rowOf(522), 0);
    EXPECT_EQ(model.rowOf(11), 511);
    EXPECT_EQ(model.rowOf(10), -1);
}

TEST(EventModel, AnotherRunReplacesThemAll)
{
    EventModel model;
    model.display(events(1, 100));
    model.display(events(1, 2));
    EXPECT_EQ(model.rowCount(), 2);
    model.display({});
    EXPECT_EQ(model.rowCount(), 0);
}

TEST(EventModel, TheFilterKnowsTheGuardianAndWords)
{
    EventModel model;
    EventFilter filter;
    filter.setSourceModel(&model);
    model.display(events(1, 100));
    filter.setKinds(EventFilter::Kinds::Guardian);
    EXPECT_EQ(filter.rowCount(), 20);
    filter.setWords(QStringLiteral("event 55"));
    EXPECT_EQ(filter.rowCount(), 1);
}

} // namespace
} // namespace dubito::ui
