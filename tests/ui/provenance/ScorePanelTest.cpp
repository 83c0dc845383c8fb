// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/provenance/ScorePanel.h"

#include "tests/support/FindChild.h"
#include "tests/support/SnapshotBuilder.h"
#include "ui/Theme.h"
#include "ui/provenance/ScatterView.h"
#include "ui/provenance/ScoreModel.h"

#include <gtest/gtest.h>

#include <QAction>
#include <QApplication>
#include <QComboBox>
#include <QHeaderView>
#include <QLineEdit>
#include <QPushButton>
#include <QTableView>
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

TEST_F(ScorePanelTest, AClickOnAColumnSortsASecondOneTurnsItAThirdOneGivesTheCorpusBack)
{
    using session::Direction;
    using session::DocumentOrder;
    panel.setShape(ScorePanel::Shape::Full);
    panel.show();
    auto* table = tests::findChild<QTableView>(panel, "scoreTable");
    auto snapshot = tests::SnapshotBuilder().documents(200).build();
    panel.display(snapshot);
    const auto click = [&](int column) { emit table->horizontalHeader()->sectionClicked(column); };
    click(ScoreModel::Weight);
    EXPECT_TRUE(asked.back().order == DocumentOrder::Weight && asked.back().direction == Direction::Ascending);
    click(ScoreModel::Weight);
    EXPECT_TRUE(asked.back().order == DocumentOrder::Weight && asked.back().direction == Direction::Descending);
    snapshot.documents.order = DocumentOrder::Weight;
    snapshot.documents.direction = Direction::Descending;
    panel.display(snapshot);
    EXPECT_EQ(table->model()->headerData(ScoreModel::Weight, Qt::Horizontal).toString(), QStringLiteral("Weight ↓"));
    tests::findChild<QPushButton>(panel, "scoresAfter")->click();
    EXPECT_EQ(asked.back().order, DocumentOrder::Weight) << "the next page is one of the same list";
    click(ScoreModel::Weight);
    EXPECT_EQ(asked.back().order, DocumentOrder::Corpus);
    click(ScoreModel::Title);
    EXPECT_TRUE(asked.back().order == DocumentOrder::Title && asked.back().direction == Direction::Ascending);
}

TEST_F(ScorePanelTest, EveryColumnIsSortedByKeyboardToo)
{
    auto* table = tests::findChild<QTableView>(panel, "scoreTable");
    ASSERT_EQ(table->actions().size(), static_cast<qsizetype>(ScoreModel::ColumnCount)) << "the menu key opens them";
    for (int column = 0; column < ScoreModel::ColumnCount; ++column) {
        table->actions().at(column)->trigger();
        EXPECT_EQ(asked.back().order, ScoreModel::orderOf(column));
    }
}

TEST_F(ScorePanelTest, ASortedListIsNotTurnedPastItsReach)
{
    auto snapshot = tests::SnapshotBuilder().documents(64).build();
    snapshot.documents.first = session::kSortedReach - 64;
    snapshot.documents.matching = 1'000'000;
    panel.display(snapshot);
    EXPECT_TRUE(tests::findChild<QPushButton>(panel, "scoresAfter")->isEnabled());
    snapshot.documents.order = session::DocumentOrder::Id;
    panel.display(snapshot);
    EXPECT_FALSE(tests::findChild<QPushButton>(panel, "scoresAfter")->isEnabled());
}

TEST_F(ScorePanelTest, ExplainsTheChosenDocumentAndObeysNoMarkup)
{
    auto snapshot = tests::SnapshotBuilder().documents(3).build();
    snapshot.documents.documents[0].text += "<h1>institution</h1>";
    panel.display(snapshot);
    const QString why = tests::findChild<QTextBrowser>(panel, "scoreReasons")->toPlainText();
    EXPECT_TRUE(why.contains(QStringLiteral("According to CDC")));
    EXPECT_TRUE(why.contains(QStringLiteral("<h1>institution</h1>")));
    EXPECT_EQ(tests::findChild<QTableView>(panel, "reasonTable")->model()->rowCount(), 6);
}

TEST_F(ScorePanelTest, EnlargedItAsksForClassesWeightsAndTheDocumentOfAMarker)
{
    panel.setShape(ScorePanel::Shape::Full);
    panel.resize(1400, 800);
    panel.show();
    const auto snapshot = tests::SnapshotBuilder().documents(200).build();
    panel.display(snapshot);
    auto* classes = tests::findChild<QComboBox>(panel, "scoreClass");
    classes->setCurrentIndex(1);
    emit classes->activated(1);
    EXPECT_EQ(asked.back().sourceClass, "lab_notebook");
    auto* weights = tests::findChild<QComboBox>(panel, "scoreWeight");
    weights->setCurrentIndex(2);
    emit weights->activated(2);
    EXPECT_DOUBLE_EQ(asked.back().weightFrom, 1);
    EXPECT_DOUBLE_EQ(asked.back().weightBelow, 2);
    auto* scatter = tests::findChild<ScatterView>(panel, "scatter");
    emit scatter->documentChosen(QStringLiteral("4700"));
    auto* table = tests::findChild<QTableView>(panel, "scoreTable");
    EXPECT_EQ(table->currentIndex().siblingAtColumn(ScoreModel::Id).data().toString(), QStringLiteral("4700")) << "it is on this page";
    emit scatter->documentChosen(QStringLiteral("4400"));
    EXPECT_EQ(asked.back().holding, "4400");
    auto next = snapshot;
    next.documents.documents[5].id = "4400";
    panel.display(next);
    EXPECT_EQ(table->currentIndex().row(), 5);
}

/// Whether the frame of a card shows on all four sides, rounded corners left out.
QString brokenFrame(QWidget& card, const Theme& theme)
{
    const QImage picture = card.grab().toImage();
    constexpr int kCorner = 6;
    for (int depth = 0; depth < theme.frameWidth(); ++depth) {
        for (int y = kCorner; y < picture.height() - kCorner; ++y) {
            for (const int x : { depth, picture.width() - 1 - depth }) {
                if (picture.pixelColor(x, y) != theme.border) {
                    return QStringLiteral("%1, %2").arg(x).arg(y);
                }
            }
        }
        for (int x = kCorner; x < picture.width() - kCorner; ++x) {
            for (const int y : { depth, picture.height() - 1 - depth }) {
                if (picture.pixelColor(x, y) != theme.border) {
                    return QStringLiteral("%1, %2").arg(x).arg(y);
                }
            }
        }
    }
    return {};
}

TEST_F(ScorePanelTest, NothingInACardCoversItsFrame)
{
    for (const auto scheme : { Scheme::ContrastDark, Scheme::ContrastLight, Scheme::Light }) {
        applyTheme(*qApp, scheme);
        ScorePanel whole;
        whole.resize(1400, 800);
        whole.show();
        whole.display(tests::SnapshotBuilder().documents(200).build());
        whole.setShape(ScorePanel::Shape::Full);
        QApplication::processEvents();
        for (const char* name : { "documentCard", "scoreList" }) {
            EXPECT_EQ(brokenFrame(*tests::findChild<QWidget>(whole, name), themeFor(scheme)).toStdString(), "") << name << " in scheme " << static_cast<int>(scheme);
        }
    }
}

} // namespace
} // namespace dubito::ui
