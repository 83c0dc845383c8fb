// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/chart/LimitsDialog.h"

#include <gtest/gtest.h>

#include <QLineEdit>

namespace {

using namespace dubito::ui::chart;

class LimitsDialogTest : public testing::Test {
protected:
    void type(const char* from, const char* to)
    {
        dialog.findChild<QLineEdit*>(QStringLiteral("limits/from"))->setText(QString::fromUtf8(from));
        dialog.findChild<QLineEdit*>(QStringLiteral("limits/to"))->setText(QString::fromUtf8(to));
        dialog.accept();
    }

    LimitsDialog dialog { YRange { 0.5, 2 }, QStringLiteral("GiB"), nullptr };
};

TEST_F(LimitsDialogTest, TwoNumbersAreTaken)
{
    type("−1.5", "3");
    EXPECT_EQ(dialog.result(), QDialog::Accepted);
    EXPECT_EQ(dialog.limits(), (YRange { -1.5, 3 }));
}

TEST_F(LimitsDialogTest, EmptyFieldsFollowTheData)
{
    type("", " ");
    EXPECT_EQ(dialog.result(), QDialog::Accepted);
    EXPECT_FALSE(dialog.limits());
}

TEST_F(LimitsDialogTest, WhatIsNoRangeIsRefused)
{
    for (const auto& [from, to] : { std::pair { "3", "1" }, { "1", "1" }, { "a", "1" }, { "", "1" }, { "nan", "inf" } }) {
        type(from, to);
        EXPECT_NE(dialog.result(), QDialog::Accepted) << from << " " << to;
    }
    EXPECT_EQ(dialog.limits(), (YRange { 0.5, 2 }));
}

} // namespace
