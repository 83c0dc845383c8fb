// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/provenance/ScorePanel.h"

#include "tests/support/FindChild.h"
#include "tests/support/SnapshotBuilder.h"

#include <gtest/gtest.h>

#include <QLineEdit>
#include <QPushButton>
#include <QTest>
#include <QTextBrowser>

namespace dubito::ui {
namespace {

struct ScorePanelTest : testing::Test {
    ScorePanelTest()
    {
        QObject::connect(&panel, &ScorePanel::commandWanted, &panel,
            [this](const session::Command& command) { asked.push_back(std::get<session::ShowDocuments>(command)); });
        panel.resize(408, 700);
    }

    ScorePanel panel;
    std::vector<session::ShowDocuments> asked;
};

TEST_F(ScorePanelTest, AsksForTheFirstPageWhenItIsFirstSeen)
{
    EXPECT_TRUE(asked.empty());
    panel.show();
    ASSERT_EQ(asked.size(), 1U);
    EXPECT_EQ(asked.front().first, 0);
    panel.hide();
    panel.show();
    EXPECT_EQ(asked.size(), 1U);
}

TEST_F(ScorePanelTest, TurnsPagesAndFilters)
{
    panel.show();
    panel.display(tests::SnapshotBuilder().documents(200).build());
    tests::findChild<QPushButton>(panel, "scoresAfter")->click();
    EXPECT_EQ(asked.back().first, 64);
    EXPECT_FALSE(tests::findChild<QPushButton>(panel, "scoresBefore")->isEnabled());
    tests::findChild<QLineEdit>(panel, "scoreSearch")->setText(QStringLiteral("CDC"));
    QTRY_VERIFY_WITH_TIMEOUT(asked.back().filter == "CDC", 5000);
    EXPECT_EQ(asked.back().first, 0);
}

TEST_F(ScorePanelTest, ExplainsTheChosenDocumentAndObeysNoMarkup)
{
    auto snapshot = tests::SnapshotBuilder().documents(3).build();
    snapshot.documents.documents[0].reasons.push_back("<h1>institution</h1>");
    panel.display(snapshot);
    const QString why = tests::findChild<QTextBrowser>(panel, "scoreReasons")->toPlainText();
    EXPECT_TRUE(why.contains(QStringLiteral("institution named: CDC")));
    EXPECT_TRUE(why.contains(QStringLiteral("<h1>institution</h1>")));
}

} // namespace
} // namespace dubito::ui
