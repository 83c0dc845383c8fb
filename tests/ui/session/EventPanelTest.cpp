// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/session/EventPanel.h"

#include "tests/support/FindChild.h"
#include "tests/support/SnapshotBuilder.h"
#include "ui/TextLabel.h"
#include "ui/session/EventStory.h"

#include <gtest/gtest.h>

#include <QTableView>
#include <QTest>

namespace dubito::ui {
namespace {

struct EventPanelTest : testing::Test {
    EventPanelTest()
    {
        QObject::connect(&panel, &EventPanel::eventChosen, &panel, [this](const session::Event& event) { chosen.push_back(event); });
        panel.resize(408, 800);
        panel.display(tests::SnapshotBuilder().leaking().build());
        panel.show();
    }

    EventPanel panel;
    std::vector<session::Event> chosen;
};

TEST_F(EventPanelTest, AClickGoesToTheMoment)
{
    auto* table = tests::findChild<QTableView>(panel, "eventTable");
    QTest::mouseClick(table->viewport(), Qt::LeftButton, {}, table->visualRect(table->model()->index(3, 0)).center());
    ASSERT_EQ(chosen.size(), 1U);
    EXPECT_EQ(chosen.front().kind, session::EventKind::Act);
}

TEST_F(EventPanelTest, AChoiceFromOutsideShowsTheEvidenceAndMovesNothing)
{
    panel.chooseEvidence();
    EXPECT_TRUE(chosen.empty());
    EXPECT_EQ(tests::findChild<TextLabel>(panel, "eventHeading")->text(), QStringLiteral("Act at step 3,404"));
    EXPECT_TRUE(tests::findChild<GrowthBars>(panel, "growthBars")->isVisible());
}

TEST_F(EventPanelTest, WhoGrowsIsSaidToAScreenReaderLargestFirst)
{
    panel.chooseEvidence();
    EXPECT_TRUE(tests::findChild<GrowthBars>(panel, "growthBars")->accessibleName().contains(QStringLiteral(": activations 4.00")));
}

TEST_F(EventPanelTest, TheChosenEventStaysChosenWhenNewOnesCome)
{
    panel.chooseEvidence();
    auto more = tests::SnapshotBuilder().leaking().event(session::EventKind::Reload, 3405, "done").build();
    panel.display(more);
    EXPECT_EQ(tests::findChild<TextLabel>(panel, "eventHeading")->text(), QStringLiteral("Act at step 3,404"));
}

} // namespace
} // namespace dubito::ui
