// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/health/HealthModel.h"

#include "tests/support/SnapshotBuilder.h"

#include <gtest/gtest.h>

#include <QAbstractItemModelTester>
#include <QSignalSpy>

namespace dubito::ui {
namespace {

TEST(HealthModel, HasARowPerModuleWordInTheirOrder)
{
    HealthModel model;
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::Warning);
    model.display(tests::SnapshotBuilder().running(3120).build().health);
    ASSERT_EQ(model.rowCount(), static_cast<int>(kModuleCount));
    EXPECT_EQ(model.index(0).data().toString(), QStringLiteral("log"));
    EXPECT_EQ(model.index(2).data(HealthModel::ReasonRole).toString(), QStringLiteral("14 of 7,909 lines skipped"));
    EXPECT_EQ(model.index(12).data().toString(), QStringLiteral("session"));
}

TEST(HealthModel, ATickTellsOnlyTheRowsThatChanged)
{
    HealthModel model;
    auto rows = tests::SnapshotBuilder().running(3120).build().health;
    model.display(rows);
    QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
    QSignalSpy reset(&model, &QAbstractItemModel::modelReset);
    model.display(rows);
    rows[4].sinceBeat += std::chrono::milliseconds(5);
    model.display(rows);
    EXPECT_EQ(changed.count(), 0);
    rows[4].state = health::HealthState::Silent;
    model.display(rows);
    EXPECT_EQ(changed.count(), 1);
    EXPECT_EQ(reset.count(), 0);
}

} // namespace
} // namespace dubito::ui
