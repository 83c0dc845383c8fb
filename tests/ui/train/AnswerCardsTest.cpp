// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/train/AnswerCards.h"

#include "tests/support/FindChild.h"
#include "tests/support/SnapshotBuilder.h"

#include <gtest/gtest.h>

#include <QApplication>

namespace dubito::ui {
namespace {

TEST(AnswerCards, EachCardSaysQuestionAnswerAndEvidenceToAScreenReader)
{
    AnswerCards cards;
    cards.display(tests::SnapshotBuilder().recorded().build());
    const auto* leaking = tests::findChild<QWidget>(cards, "answerLeaking");
    EXPECT_EQ(leaking->accessibleName(), QStringLiteral("Is it leaking? No leak"));
    EXPECT_EQ(leaking->accessibleDescription(), QStringLiteral("nothing above 0.02 MB/step"));
}

TEST(AnswerCards, FoldedTheyAreLower)
{
    AnswerCards cards;
    cards.display(tests::SnapshotBuilder().recorded().build());
    cards.show();
    QApplication::processEvents();
    const int tall = cards.sizeHint().height();
    cards.setShape(AnswerCards::Shape::OneLine);
    QApplication::processEvents();
    EXPECT_LT(cards.sizeHint().height(), tall);
}

} // namespace
} // namespace dubito::ui
