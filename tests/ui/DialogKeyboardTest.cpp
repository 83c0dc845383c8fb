// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/FindChild.h"
#include "tests/support/TabTour.h"
#include "ui/chart/LimitsDialog.h"
#include "ui/config/DifferenceDialog.h"
#include "ui/config/MergeDialog.h"
#include "ui/memory/DrillDialog.h"
#include "ui/session/NewRunDialog.h"

#include <gtest/gtest.h>

#include <QApplication>
#include <QDialog>
#include <QDialogButtonBox>
#include <QLabel>
#include <QPushButton>
#include <QSignalSpy>

#include <functional>
#include <map>
#include <memory>

// The dialogs by keyboard: Tab comes to everything, Alt and a letter mean one thing, Escape closes, Space presses.
namespace dubito::ui {
namespace {

struct DialogCase {
    const char* name;
    std::function<std::unique_ptr<QDialog>()> make;
};

std::vector<MergeRow> threeRows()
{
    config::Config mine;
    config::Config theirs;
    mine.training.seed = 7;
    mine.training.batchSize = 8;
    theirs.training.batchSize = 16;
    theirs.training.steps = 900;
    return mergeRows({}, mine, theirs);
}

const std::vector<DialogCase>& dialogCases()
{
    static const std::vector<DialogCase> cases {
        { "NewRun", [] { return std::make_unique<NewRunDialog>(std::make_shared<const config::Config>()); } },
        { "Drill", [] { return std::make_unique<DrillDialog>(); } },
        { "Merge", [] { return std::make_unique<MergeDialog>(threeRows()); } },
        { "Difference",
            [] {
                const std::vector<config::Difference> one { { "training.seed", "42", "43" } };
                return std::make_unique<DifferenceDialog>(one, QStringLiteral("here"), QStringLiteral("there"));
            } },
        { "Limits", [] { return std::make_unique<chart::LimitsDialog>(chart::YRange { 0.5, 2 }, QStringLiteral("GiB"), nullptr); } },
    };
    return cases;
}

struct DialogKeyboardTest : testing::TestWithParam<DialogCase> {
    DialogKeyboardTest()
        : dialog(GetParam().make())
    {
        dialog->show();
        dialog->activateWindow();
        QApplication::processEvents();
    }

    std::unique_ptr<QDialog> dialog;
};

TEST_P(DialogKeyboardTest, TabComesToEveryControl)
{
    const auto controls = tests::visibleControls(*dialog);
    ASSERT_FALSE(controls.empty());
    EXPECT_EQ(tests::missedByTab(*dialog, *controls.begin()).toStdString(), "");
    EXPECT_EQ(tests::namelessControls(*dialog).join(QLatin1String(", ")).toStdString(), "");
}

TEST_P(DialogKeyboardTest, EscapeClosesIt)
{
    QTest::keyClick(dialog.get(), Qt::Key_Escape);
    EXPECT_FALSE(dialog->isVisible());
    EXPECT_EQ(dialog->result(), QDialog::Rejected);
}

TEST_P(DialogKeyboardTest, EveryButtonHasALetterAndSpacePressesIt)
{
    std::map<QChar, QString> taken;
    int pressed = 0;
    for (auto* button : dialog->findChildren<QPushButton*>()) {
        if (!button->isVisibleTo(dialog.get())) {
            continue;
        }
        const auto* box = qobject_cast<QDialogButtonBox*>(button->parentWidget());
        if (box == nullptr || box->standardButton(button) == QDialogButtonBox::NoButton) { // Enter and Escape are the letters of the others
            const qsizetype at = button->text().indexOf(QLatin1Char('&'));
            ASSERT_GE(at, 0) << button->text().toStdString() << " has no mnemonic";
            const QChar key = button->text().at(at + 1).toLower();
            EXPECT_FALSE(taken.contains(key)) << "Alt+" << QString(key).toStdString() << " is " << button->text().toStdString() << " and " << taken[key].toStdString();
            taken[key] = button->text();
        }
        if (button->isEnabled()) {
            button->disconnect(); // what it does is tested elsewhere, and here some would close the dialog or ask for a file
            QSignalSpy clicked(button, &QAbstractButton::clicked);
            button->setFocus(Qt::TabFocusReason);
            QTest::keyClick(button, Qt::Key_Space);
            EXPECT_EQ(clicked.count(), 1) << button->text().toStdString();
            ++pressed;
        }
    }
    EXPECT_GT(pressed, 0);
    for (const auto* label : dialog->findChildren<QLabel*>()) {
        const qsizetype at = label->buddy() == nullptr ? -1 : label->text().indexOf(QLatin1Char('&'));
        if (at >= 0) {
            const QChar key = label->text().at(at + 1).toLower();
            EXPECT_FALSE(taken.contains(key)) << label->text().toStdString() << " and " << taken[key].toStdString();
            taken[key] = label->text();
        }
    }
}

INSTANTIATE_TEST_SUITE_P(Every, DialogKeyboardTest, testing::ValuesIn(dialogCases()),
    [](const auto& dialogCase) { return std::string(dialogCase.param.name); });

} // namespace
} // namespace dubito::ui
