// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/session/EmptyPage.h"

#include "tests/support/FindChild.h"
#include "tests/support/SnapshotBuilder.h"

#include <gtest/gtest.h>

#include <QPushButton>
#include <QSignalSpy>
#include <QTest>

namespace dubito::ui {
namespace {

TEST(EmptyPage, OneClickStartsTheSampleRun)
{
    EmptyPage page;
    page.display(tests::SnapshotBuilder().build());
    std::vector<session::Command> posted;
    QObject::connect(&page, &EmptyPage::commandWanted, &page, [&](const session::Command& command) { posted.push_back(command); });
    tests::findChild<QPushButton>(page, "emptyStart")->click();
    ASSERT_EQ(posted.size(), 1U);
    EXPECT_TRUE(std::holds_alternative<session::Start>(posted.front()));
}

TEST(EmptyPage, WithAModelOfOnesOwnItIsNoSampleRun)
{
    EmptyPage page;
    config::Config config;
    config.model.path = "/models/smol";
    page.display(tests::SnapshotBuilder().config(config).build());
    EXPECT_EQ(tests::findChild<QPushButton>(page, "emptyStart")->text(), QStringLiteral("&Start the run"));
}

TEST(EmptyPage, ANewRunAndAnEarlierOneAreAskedForByKeyboard)
{
    EmptyPage page;
    page.show();
    QSignalSpy planned(&page, &EmptyPage::newRunWanted);
    QSignalSpy opened(&page, &EmptyPage::openRunWanted);
    QTest::keyClick(tests::findChild<QPushButton>(page, "emptyNew"), Qt::Key_Space);
    QTest::keyClick(tests::findChild<QPushButton>(page, "emptyOpen"), Qt::Key_Space);
    EXPECT_EQ(planned.count(), 1);
    EXPECT_EQ(opened.count(), 1);
}

} // namespace
} // namespace dubito::ui
