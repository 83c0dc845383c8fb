// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/session/EarlierRuns.h"

#include "tests/support/FindChild.h"

#include <gtest/gtest.h>

#include <QDir>
#include <QLabel>
#include <QPushButton>
#include <QSignalSpy>
#include <QTemporaryDir>

namespace dubito::ui {
namespace {

TEST(EarlierRuns, OneClickOpensOneAgainAndNoMoreThanFiveAreOffered)
{
    const QTemporaryDir folder;
    QStringList runs;
    for (int number = 0; number < 8; ++number) {
        runs << folder.filePath(QStringLiteral("night & day %1").arg(number));
        QDir().mkpath(runs.back());
    }
    EarlierRuns list;
    list.setRuns(runs);
    QSignalSpy chosen(&list, &EarlierRuns::runChosen);
    auto* second = tests::findChild<QPushButton>(list, "earlierRun1");
    EXPECT_TRUE(second->text().startsWith(QStringLiteral("night && day 1   ·   today "))) << second->text().toStdString();
    second->click();
    ASSERT_EQ(chosen.count(), 1);
    EXPECT_EQ(chosen.front().front().toString(), runs[1]);
    EXPECT_EQ(list.findChildren<QPushButton*>().size(), EarlierRuns::kMost);
}

TEST(EarlierRuns, WithoutOneItSaysWhatWillBeHere)
{
    EarlierRuns list;
    ASSERT_EQ(list.findChildren<QLabel*>().size(), 1);
    EXPECT_TRUE(list.findChildren<QLabel*>().front()->text().startsWith(QStringLiteral("None yet")));
    list.setRuns({ QStringLiteral("/there/is/no/such/folder") });
    EXPECT_EQ(list.findChildren<QPushButton*>().size(), 1) << "the list is the caller's; what it names is offered";
    list.setRuns({});
    EXPECT_TRUE(list.findChildren<QPushButton*>().isEmpty());
}

} // namespace
} // namespace dubito::ui
