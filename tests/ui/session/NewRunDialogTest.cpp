// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/session/NewRunDialog.h"

#include "tests/support/FindChild.h"
#include "ui/TextLabel.h"

#include <gtest/gtest.h>

#include <QApplication>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QTest>

namespace dubito::ui {
namespace {

struct NewRunDialogTest : testing::Test {
    explicit NewRunDialogTest()
    {
        QObject::connect(&dialog, &NewRunDialog::commandWanted, &dialog, [this](const session::Command& command) { posted.push_back(command); });
        dialog.show();
        dialog.activateWindow();
    }
    QPushButton* button(const char* name) { return tests::findChild<QPushButton>(dialog, name); }
    std::string verdict() { return tests::findChild<TextLabel>(dialog, "newRunVerdict")->text().toStdString(); }
    bool isPlanned()
    {
        return QTest::qWaitFor([&] { return button("newRunStart")->isEnabled(); }, 40'000);
    }
    bool saysThatItWillNotDo()
    {
        return QTest::qWaitFor([&] { return verdict() == "This will not do"; }, 40'000);
    }

    std::vector<session::Command> posted;
    NewRunDialog dialog { std::make_shared<const config::Config>() };
};

TEST_F(NewRunDialogTest, TellsWhatItTakesBeforeItStarts)
{
    ASSERT_TRUE(isPlanned());
    EXPECT_NE(verdict().find("It fits"), std::string::npos) << verdict();
    EXPECT_NE(tests::findChild<TextLabel>(dialog, "newRunPeak")->text(), QStringLiteral("—"));
    EXPECT_TRUE(posted.empty());
    button("newRunStart")->setFocus();
    QTest::keyClick(&dialog, Qt::Key_Return);
    ASSERT_EQ(posted.size(), 2U);
    EXPECT_TRUE(std::holds_alternative<session::ApplyConfig>(posted[0]));
    EXPECT_TRUE(std::holds_alternative<session::Start>(posted[1]));
    EXPECT_FALSE(dialog.isVisible());
}

TEST_F(NewRunDialogTest, ClipsNoWordsHoweverManyLinesTheyTake)
{
    ASSERT_TRUE(isPlanned());
    tests::findChild<QLineEdit>(dialog, "newRunModel")->setText(QStringLiteral("no/such/") + QStringLiteral("model of many words ").repeated(12));
    ASSERT_TRUE(saysThatItWillNotDo());
    for (const auto* words : dialog.findChildren<QLabel*>()) {
        if (words->wordWrap() && words->isVisible()) {
            EXPECT_GE(words->height(), words->heightForWidth(words->width())) << words->text().toStdString();
        }
    }
}

TEST_F(NewRunDialogTest, SaysWhatWillNotDoAndRecovers)
{
    auto* model = tests::findChild<QLineEdit>(dialog, "newRunModel");
    model->setFocus();
    QTest::keyClicks(model, QStringLiteral("no/such/<b>model</b>"));
    EXPECT_FALSE(button("newRunStart")->isEnabled()) << "what stands there is of other fields";
    ASSERT_TRUE(saysThatItWillNotDo());
    EXPECT_EQ(dialog.planned(), nullptr);
    model->clear();
    EXPECT_TRUE(isPlanned());
}

TEST_F(NewRunDialogTest, TakesWhatWouldFit)
{
    config::Config large;
    large.training.batchSize = 512;
    large.memory.budgetGb = 1;
    NewRunDialog other(std::make_shared<const config::Config>(large));
    other.show();
    auto* start = tests::findChild<QPushButton>(other, "newRunStart");
    auto* take = tests::findChild<QPushButton>(other, "newRunTake");
    ASSERT_TRUE(QTest::qWaitFor([&] { return start->isEnabled(); }, 40'000));
    ASSERT_FALSE(other.planned()->fits());
    ASSERT_TRUE(take->isVisible());
    take->setFocus();
    QTest::keyClick(take, Qt::Key_Space);
    ASSERT_TRUE(QTest::qWaitFor([&] { return start->isEnabled(); }, 40'000));
    EXPECT_TRUE(other.planned()->fits());
    EXPECT_FALSE(take->isVisible());
}

TEST_F(NewRunDialogTest, EveryControlIsReachedByTab)
{
    ASSERT_TRUE(isPlanned());
    QStringList missed { QStringLiteral("newRunModel"), QStringLiteral("newRunModelChoose"), QStringLiteral("newRunData"), QStringLiteral("newRunDataChoose"),
        QStringLiteral("newRunProfile"), QStringLiteral("newRunCancel"), QStringLiteral("newRunStart") };
    tests::findChild<QLineEdit>(dialog, "newRunModel")->setFocus();
    for (int i = 0; i < 20; ++i) {
        missed.removeAll(dialog.focusWidget()->objectName());
        QTest::keyClick(dialog.focusWidget(), Qt::Key_Tab);
    }
    EXPECT_EQ(missed.join(QLatin1Char(' ')).toStdString(), "");
}

TEST_F(NewRunDialogTest, ManyChangesWhileAPlanIsMadeEndInTheNewest)
{
    auto* profile = tests::findChild<QComboBox>(dialog, "newRunProfile");
    ASSERT_GT(profile->count(), 2);
    for (int i = 1; i < profile->count(); ++i) {
        profile->setCurrentIndex(i);
    }
    profile->setCurrentIndex(0);
    ASSERT_TRUE(isPlanned());
    EXPECT_EQ(dialog.planned()->config.training.batchSize, config::Config().training.batchSize);
}

TEST(NewRunDialog, CanBeClosedWhileItLooks)
{
    NewRunDialog dialog(std::make_shared<const config::Config>());
    dialog.show();
}

} // namespace
} // namespace dubito::ui
