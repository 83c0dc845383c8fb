// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/provenance/ScatterView.h"

#include "tests/support/SnapshotBuilder.h"

#include <gtest/gtest.h>

#include <QImage>
#include <QSignalSpy>
#include <QTest>

#include <cmath>

namespace dubito::ui {
namespace {

std::shared_ptr<const session::CorpusOverview> corpus() { return tests::SnapshotBuilder().documents(1).build().corpus; }

struct ScatterViewTest : testing::Test {
    ScatterViewTest()
    {
        view.resize(600, 400);
        view.setCorpus(corpus());
        view.show();
    }
    ScatterView view;
};

TEST_F(ScatterViewTest, SaysHowManyOfAllAreDrawn)
{
    EXPECT_EQ(view.note(), QStringLiteral("637 of 7,895 drawn, chosen evenly; the table and every sum use all of them"));
    view.setOnlySource(corpus()->sources.front().source);
    EXPECT_TRUE(view.note().startsWith(QStringLiteral("96 of 637 drawn"))) << view.note().toStdString();
}

TEST_F(ScatterViewTest, ArrowKeysWalkFromDocumentToDocument)
{
    QSignalSpy chosen(&view, &ScatterView::documentChosen);
    QTest::keyClick(&view, Qt::Key_Left);
    ASSERT_EQ(chosen.count(), 1);
    EXPECT_FALSE(view.accessibleDescription().isEmpty());
    for (const auto key : { Qt::Key_Right, Qt::Key_Up, Qt::Key_Down }) {
        QTest::keyClick(&view, key);
    }
    EXPECT_GT(chosen.count(), 2);
}

TEST_F(ScatterViewTest, AClickOnAMarkerChoosesIt)
{
    QSignalSpy chosen(&view, &ScatterView::documentChosen);
    for (int x = 30; x < 590 && chosen.isEmpty(); x += 8) {
        QTest::mouseClick(&view, Qt::LeftButton, {}, QPoint(x, 330));
    }
    EXPECT_FALSE(chosen.isEmpty());
}

TEST_F(ScatterViewTest, MoreWeightIsALargerMarker)
{
    EXPECT_LT(markerSize(0.1), markerSize(0.7));
    EXPECT_LT(markerSize(0.7), markerSize(1.5));
    EXPECT_LT(markerSize(1.5), markerSize(4));
    EXPECT_GT(markerSize(std::nan("")), 0);
}

TEST_F(ScatterViewTest, WithoutACorpusOrWithAbsurdNumbersItIsStillDrawn)
{
    view.setCorpus(nullptr);
    EXPECT_FALSE(view.note().isEmpty());
    EXPECT_FALSE(view.grab().isNull());
    auto absurd = std::make_shared<session::CorpusOverview>();
    absurd->documents = 3;
    absurd->dots = { { 0, "a", 99, std::nan(""), 1e300, 1e300 }, { 1, "<b>", 0, -5, -5, -1 }, { 2, "", 3, 0.99, HUGE_VAL, 0 } };
    absurd->levels = { { 1, std::nan("") }, { HUGE_VAL, -1e300 } };
    view.setCorpus(absurd);
    view.setChosen(absurd->dots[0]);
    EXPECT_FALSE(view.grab().isNull());
}

} // namespace
} // namespace dubito::ui
