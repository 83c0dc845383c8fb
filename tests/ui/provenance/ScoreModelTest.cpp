// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/provenance/ScoreModel.h"

#include "tests/support/SnapshotBuilder.h"

#include <gtest/gtest.h>

#include <QAbstractItemModelTester>
#include <QSignalSpy>

namespace dubito::ui {
namespace {

TEST(ScoreModel, ShowsAPageAndLeavesAnEqualOneAlone)
{
    ScoreModel model;
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::Warning);
    const auto page = tests::SnapshotBuilder().documents(100).build().documents;
    model.display(page);
    QSignalSpy reset(&model, &QAbstractItemModel::modelReset);
    model.display(page);
    EXPECT_EQ(reset.count(), 0);
    EXPECT_EQ(model.rowCount(), 64);
    EXPECT_EQ(model.index(0, ScoreModel::Id).data().toString(), QStringLiteral("4711"));
    EXPECT_EQ(model.index(0, ScoreModel::Weight).data().toString(), QStringLiteral("0.10"));
    EXPECT_EQ(model.index(1, ScoreModel::Source).data().toString(), QStringLiteral("lab notebook"));
    EXPECT_EQ(model.document(64), nullptr);
}

} // namespace
} // namespace dubito::ui
