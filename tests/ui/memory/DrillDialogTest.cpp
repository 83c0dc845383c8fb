// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/memory/DrillDialog.h"

#include "tests/support/FindChild.h"

#include <gtest/gtest.h>

#include <QComboBox>
#include <QDoubleSpinBox>
#include <QPushButton>

namespace dubito::ui {
namespace {

TEST(DrillDialog, PostsWhatWasChosen)
{
    DrillDialog dialog;
    std::vector<session::Command> posted;
    QObject::connect(&dialog, &DrillDialog::commandWanted, &dialog, [&](const session::Command& command) { posted.push_back(command); });
    tests::findChild<QComboBox>(dialog, "drillWho")->setCurrentText(QStringLiteral("untracked"));
    tests::findChild<QDoubleSpinBox>(dialog, "drillRate")->setValue(2.5);
    tests::findChild<QComboBox>(dialog, "drillShape")->setCurrentIndex(1);
    tests::findChild<QPushButton>(dialog, "drillStart")->click();
    ASSERT_EQ(posted.size(), 1U);
    const auto& drill = std::get<session::StartDrill>(posted.front());
    EXPECT_EQ(drill.who, "untracked");
    EXPECT_DOUBLE_EQ(drill.mbPerStep, 2.5);
    EXPECT_EQ(drill.shape, dubito::memory::DrillShape::Bursty);
}

} // namespace
} // namespace dubito::ui
