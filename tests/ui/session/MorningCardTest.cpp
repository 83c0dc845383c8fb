// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/session/MorningCard.h"

#include "tests/support/FindChild.h"
#include "tests/support/SnapshotBuilder.h"

#include <gtest/gtest.h>

#include <QApplication>
#include <QLabel>
#include <QPushButton>
#include <QTest>

namespace dubito::ui {
namespace {

session::Snapshot dead()
{
    auto snapshot = tests::SnapshotBuilder().build();
    snapshot.postMortem.emplace();
    snapshot.postMortem->headline = "<b>killed</b>";
    snapshot.postMortem->runFolder = "runs/night";
    snapshot.postMortem->step = 21;
    snapshot.postMortem->savedStep = 20;
    return snapshot;
}

struct MorningCardTest : testing::Test {
    MorningCardTest()
    {
        window.resize(1200, 900);
        card = new MorningCard(&window);
        QObject::connect(card, &MorningCard::commandWanted, card, [this](const session::Command& command) { posted.push_back(command); });
        window.show();
        window.activateWindow();
    }
    QWidget window;
    MorningCard* card = nullptr;
    std::vector<session::Command> posted;
};

TEST_F(MorningCardTest, ComesByItselfOnceWithTheFocusOnTheWayOn)
{
    card->follow(tests::SnapshotBuilder().build());
    EXPECT_TRUE(card->isHidden());
    card->follow(dead());
    EXPECT_FALSE(card->isHidden());
    EXPECT_EQ(window.focusWidget(), tests::findChild<QPushButton>(*card, "morningResume"));
    QTest::keyClick(window.focusWidget(), Qt::Key_Escape);
    EXPECT_TRUE(card->isHidden());
    card->follow(dead());
    EXPECT_TRUE(card->isHidden()) << "once closed it comes only when asked for";
    card->open(dead());
    EXPECT_FALSE(card->isHidden());
}

TEST_F(MorningCardTest, ResumeNamesTheFolder)
{
    card->follow(dead());
    QTest::keyClick(window.focusWidget(), Qt::Key_Space);
    ASSERT_EQ(posted.size(), 1U);
    EXPECT_EQ(std::get<session::Start>(posted[0]).resumeFolder, "runs/night");
    EXPECT_TRUE(card->isHidden());
}

TEST_F(MorningCardTest, TabStaysInsideAndWordsAreNoMarkup)
{
    new QPushButton(QStringLiteral("behind"), &window);
    card->open(dead());
    for (int i = 0; i < 8; ++i) {
        QTest::keyClick(window.focusWidget(), Qt::Key_Tab);
        EXPECT_TRUE(card->isAncestorOf(window.focusWidget()));
    }
    EXPECT_EQ(tests::findChild<QLabel>(*card, "morningTitle")->textFormat(), Qt::PlainText);
    EXPECT_EQ(tests::namelessControls(*card).join(QLatin1String(", ")).toStdString(), "");
}

TEST_F(MorningCardTest, FitsASmallWindowAndEverySnapshot)
{
    window.resize(700, 480);
    for (const auto& snapshot : { dead(), tests::SnapshotBuilder().recorded().build(), tests::SnapshotBuilder().failed().build(), tests::SnapshotBuilder().huge().build(),
             session::Snapshot {} }) {
        card->open(snapshot);
        QApplication::processEvents();
        EXPECT_TRUE(card->rect().contains(tests::findChild<QWidget>(*card, "morningFrame")->geometry()));
        EXPECT_FALSE(card->grab().isNull());
    }
}

TEST_F(MorningCardTest, GoesWhenTheRunGoesOn)
{
    card->follow(dead());
    auto running = tests::SnapshotBuilder().running(22).build();
    running.postMortem = dead().postMortem;
    card->follow(running);
    EXPECT_TRUE(card->isHidden());
}

} // namespace
} // namespace dubito::ui
