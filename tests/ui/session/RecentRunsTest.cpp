// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/session/RecentRuns.h"

#include <gtest/gtest.h>

#include <QDir>
#include <QSettings>
#include <QTemporaryDir>

namespace dubito::ui {
namespace {

struct RecentRunsTest : testing::Test {
    RecentRunsTest()
    {
        QSettings::setDefaultFormat(QSettings::IniFormat);
        QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, folder.path());
        QSettings().remove(QStringLiteral("runs"));
    }

    QString run(int number)
    {
        const QString path = folder.filePath(QStringLiteral("run-%1").arg(number));
        QDir().mkpath(path);
        return path;
    }

    QTemporaryDir folder;
};

TEST_F(RecentRunsTest, TheNewestIsFirstAndEachIsThereOnce)
{
    rememberRun(run(1));
    rememberRun(run(2));
    rememberRun(run(1) + QStringLiteral("/"));
    EXPECT_EQ(recentRuns(), (QStringList { run(1), run(2) }));
}

TEST_F(RecentRunsTest, TheListIsBounded)
{
    for (int number = 0; number < 3 * kMostRecentRuns; ++number) {
        rememberRun(run(number));
    }
    EXPECT_EQ(recentRuns().size(), kMostRecentRuns);
    EXPECT_EQ(recentRuns().front(), run(3 * kMostRecentRuns - 1));
}

TEST_F(RecentRunsTest, WhatIsGoneIsNotOffered)
{
    rememberRun(run(1));
    rememberRun(run(2));
    QDir(run(2)).removeRecursively();
    EXPECT_EQ(recentRuns(), QStringList { run(1) });
    rememberRun({});
    EXPECT_EQ(recentRuns().size(), 1);
}

} // namespace
} // namespace dubito::ui
