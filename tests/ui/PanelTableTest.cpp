// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/PanelTable.h"

#include <gtest/gtest.h>

#include <QHeaderView>
#include <QTableView>

namespace dubito::ui {
namespace {

TEST(PanelTable, IsReadByRowsAndLeftByTab)
{
    QTableView table;
    setUpPanelTable(table, 24);
    EXPECT_EQ(table.selectionBehavior(), QAbstractItemView::SelectRows);
    EXPECT_FALSE(table.tabKeyNavigation());
    EXPECT_FALSE(table.verticalHeader()->isVisibleTo(&table));
    EXPECT_GE(table.verticalHeader()->defaultSectionSize(), 24);
}

} // namespace
} // namespace dubito::ui
