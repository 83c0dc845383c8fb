// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/provenance/DocumentCard.h"

#include "tests/support/FindChild.h"
#include "tests/support/SnapshotBuilder.h"

#include <gtest/gtest.h>

#include <QApplication>
#include <QClipboard>
#include <QPushButton>
#include <QScrollBar>
#include <QTableView>
#include <QTextBrowser>

namespace dubito::ui {
namespace {

TEST(DocumentCard, ALetterLeadsToItsRowAndTheExplanationCanBeCopied)
{
    const auto snapshot = tests::SnapshotBuilder().documents(2).build();
    DocumentCard card;
    card.resize(420, 600);
    card.setDocument(&snapshot.documents.documents[1], snapshot);
    card.show();
    auto* text = tests::findChild<QTextBrowser>(card, "scoreReasons");
    emit text->anchorClicked(QUrl(QStringLiteral("b")));
    EXPECT_EQ(tests::findChild<QTableView>(card, "reasonTable")->currentIndex().row(), 2);
    tests::findChild<QPushButton>(card, "copyExplanation")->click();
    const QString copied = QApplication::clipboard()->text();
    EXPECT_TRUE(copied.contains(QStringLiteral("institution named, CDC"))) << copied.toStdString();
    EXPECT_TRUE(copied.contains(QStringLiteral("doubt c: ln(1")));
}

TEST(DocumentCard, ShortTextsAndFewRulesLeaveNoHoleBetweenThem)
{
    auto snapshot = tests::SnapshotBuilder().documents(2).build();
    DocumentCard card;
    card.resize(700, 1200);
    card.setDocument(&snapshot.documents.documents[1], snapshot);
    card.show();
    const auto* text = tests::findChild<QTextBrowser>(card, "scoreReasons");
    EXPECT_LE(text->height(), text->document()->size().height() + 8);
    const auto* table = tests::findChild<QTableView>(card, "reasonTable");
    EXPECT_LE(table->height(), 40 + table->model()->rowCount() * table->rowHeight(0));
    EXPECT_FALSE(table->verticalScrollBar()->isVisible()) << "and every rule is to be seen";
}

TEST(DocumentCard, WithoutADocumentItSaysWhatWillBeHere)
{
    DocumentCard card;
    card.show();
    EXPECT_FALSE(tests::findChild<QTextBrowser>(card, "scoreReasons")->isVisible());
    EXPECT_FALSE(card.grab().isNull());
}

} // namespace
} // namespace dubito::ui
