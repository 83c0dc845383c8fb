// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/log/LogPanel.h"

#include "tests/support/FindChild.h"
#include "tests/support/SnapshotBuilder.h"
#include "ui/TextLabel.h"

#include <gtest/gtest.h>

#include <QTableView>

namespace dubito::ui {
namespace {

TEST(LogPanel, FilteredByAModuleItCountsWhatItHides)
{
    LogPanel panel;
    panel.display(tests::SnapshotBuilder().recorded().build());
    panel.filterBy(Module::Data);
    EXPECT_EQ(tests::findChild<QTableView>(panel, "logTable")->model()->rowCount(), 1);
    EXPECT_EQ(tests::findChild<TextLabel>(panel, "logHidden")->text(), QStringLiteral("2 hidden"));
}

} // namespace
} // namespace dubito::ui
