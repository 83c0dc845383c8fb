// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/desktop/SingleInstance.h"

#include <gtest/gtest.h>

#include <QFile>
#include <QLocalSocket>
#include <QTemporaryDir>
#include <QTest>
#include <QThread>

#include <memory>
#include <optional>

namespace dubito::ui {
namespace {

struct SingleInstanceTest : testing::Test {
    SingleInstanceTest()
    {
        QObject::connect(&first, &SingleInstance::asked, &first, [this](const QString& named) { heard = named; });
    }

    /// A second start: in another process, so here in another thread.
    bool askFromOutside(const QString& asked)
    {
        bool answered = false;
        const std::unique_ptr<QThread> outside(QThread::create([&] { answered = SingleInstance::ask(place, asked); }));
        outside->start();
        EXPECT_TRUE(QTest::qWaitFor([&] { return outside->isFinished(); }));
        return answered;
    }

    QTemporaryDir folder;
    QString place = folder.filePath(QStringLiteral("meeting"));
    SingleInstance first { place };
    std::optional<QString> heard;
};

TEST_F(SingleInstanceTest, ASecondStartIsHeardByTheFirst)
{
    ASSERT_TRUE(first.listen());
    EXPECT_TRUE(askFromOutside({}));
    EXPECT_EQ(heard, QString());
    EXPECT_TRUE(askFromOutside(QStringLiteral("/runs/tuesday")));
    EXPECT_EQ(heard, QStringLiteral("/runs/tuesday"));
}

TEST_F(SingleInstanceTest, WithoutAFirstNobodyAnswers) { EXPECT_FALSE(SingleInstance::ask(place)); }

TEST_F(SingleInstanceTest, WhatADeadWindowLeftBehindIsNoHindrance)
{
    {
        QFile stale(place);
        ASSERT_TRUE(stale.open(QIODevice::WriteOnly));
    }
    EXPECT_TRUE(first.listen());
    EXPECT_TRUE(askFromOutside({}));
}

TEST_F(SingleInstanceTest, AWindowThatLivesKeepsItsPlace)
{
    ASSERT_TRUE(first.listen());
    SingleInstance second(place);
    EXPECT_FALSE(second.listen());
    EXPECT_TRUE(askFromOutside({}));
    EXPECT_TRUE(heard);
}

TEST_F(SingleInstanceTest, AVisitorThatTalksTooMuchIsNotListenedTo)
{
    ASSERT_TRUE(first.listen());
    QLocalSocket visitor;
    visitor.connectToServer(place);
    ASSERT_TRUE(visitor.waitForConnected(5000));
    visitor.write(QByteArray(100'000, 'x'));
    EXPECT_TRUE(QTest::qWaitFor([&] { return visitor.state() == QLocalSocket::UnconnectedState; }));
    EXPECT_FALSE(heard);
}

} // namespace
} // namespace dubito::ui
