// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/chart/PlotTable.h"

#include "tests/ui/chart/PlotSamples.h"

#include <gtest/gtest.h>

#include <QAbstractItemModelTester>
#include <QSignalSpy>

namespace {

using namespace dubito::tests;
using namespace dubito::ui::chart;

std::string rowsOf(const PlotTable& table)
{
    std::string text;
    for (int row = 0; row < table.rowCount(); ++row) {
        for (int column = 0; column < table.columnCount(); ++column) {
            text += table.data(table.index(row, column)).toString().toStdString() + "|";
        }
        text += "\n";
    }
    return text;
}

TEST(PlotTable, TheNewestMomentIsTheFirstRow)
{
    PlotTable table;
    const QAbstractItemModelTester tester(&table, QAbstractItemModelTester::FailureReportingMode::Fatal);
    table.setContent(contentFrom({ trackFrom({ 1, 2.5 }), trackFrom({ 7 }, QStringLiteral("b")) }));
    EXPECT_EQ(rowsOf(table), "2|0:02|2.50||\n1|0:01|1.00|7.00|\n");
    EXPECT_EQ(table.headerData(3, Qt::Horizontal).toString().toStdString(), "b");
}

TEST(PlotTable, WhatIsNotANumberSaysSo)
{
    PlotTable table;
    table.setContent(contentFrom({ trackFrom({ kNaN }) }));
    EXPECT_EQ(rowsOf(table), "1|0:01|not a number|\n");
}

TEST(PlotTable, ItGrowsShrinksAndChangesWithoutAReset)
{
    PlotTable table;
    const QAbstractItemModelTester tester(&table, QAbstractItemModelTester::FailureReportingMode::Fatal);
    const QSignalSpy resets(&table, &QAbstractItemModel::modelReset);
    for (const std::size_t count : { 0U, 3U, 100U, 2U, 0U, 5U }) {
        table.setContent(contentFrom({ trackFrom(std::vector<double>(count, 1.0)) }));
        EXPECT_EQ(table.rowCount(), static_cast<int>(count));
        table.setContent(contentFrom(
            { trackFrom(std::vector<double>(count, 1.0)), trackFrom(std::vector<double>(count, 1.0), QStringLiteral("b")) }));
        EXPECT_EQ(table.columnCount(), 4);
    }
    table.setContent(contentFrom({}));
    EXPECT_EQ(table.columnCount(), 2);
    EXPECT_EQ(resets.count(), 0);
}

TEST(PlotTable, AForecastIsNoData)
{
    Track ahead = trackFrom({ 1, 2 });
    ahead.shape = Shape::Forecast;
    PlotTable table;
    table.setContent(contentFrom({ ahead }));
    EXPECT_EQ(table.rowCount(), 0);
}

} // namespace
