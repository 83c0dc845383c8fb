// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/provenance/ReasonModel.h"

#include "tests/support/SnapshotBuilder.h"

#include <gtest/gtest.h>

#include <QAbstractItemModelTester>

namespace dubito::ui {
namespace {

TEST(ReasonModel, ShowsRowsWithBarsAgainstTheLargestAmount)
{
    ReasonModel model;
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::Warning);
    model.setRows(reasonRows(tests::SnapshotBuilder().documents(2).build().documents.documents[1]));
    EXPECT_EQ(model.rowOf(QStringLiteral("a")), 1);
    EXPECT_EQ(model.rowOf(QString()), -1);
    EXPECT_DOUBLE_EQ(model.index(0, ReasonModel::AuthorityBar).data(ReasonModel::AmountRole).toDouble(), 1.0);
    EXPECT_DOUBLE_EQ(model.index(2, ReasonModel::EntropyBar).data(ReasonModel::AmountRole).toDouble(), -0.3);
    const int last = model.rowCount() - 1;
    EXPECT_EQ(model.index(last, ReasonModel::AuthorityBar).data(ReasonModel::AmountRole).toDouble(), 0) << "a sum is no amount";
}

} // namespace
} // namespace dubito::ui
