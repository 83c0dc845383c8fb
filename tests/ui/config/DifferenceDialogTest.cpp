// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/config/DifferenceDialog.h"

#include "tests/support/FindChild.h"

#include <gtest/gtest.h>

#include <QTextBrowser>

namespace dubito::ui {
namespace {

QString textOf(const std::vector<config::Difference>& differences)
{
    const DifferenceDialog dialog(differences, QStringLiteral("<b>here</b>"), QStringLiteral("there"));
    return tests::findChild<QTextBrowser>(dialog, "differenceText")->toPlainText();
}

TEST(DifferenceDialog, NamesKeyAndBothValuesAndTakesNothingForMarkup)
{
    const QString text = textOf({ { "training.seed", "42", "43" }, { "data.path", "", "<i>x</i>.jsonl" } });
    for (const char* wanted : { "training.seed", "42", "43", "<i>x</i>.jsonl", "<b>here</b>", "there" }) {
        EXPECT_TRUE(text.contains(QLatin1String(wanted))) << wanted;
    }
}

TEST(DifferenceDialog, SaysSoWhenThereIsNone) { EXPECT_TRUE(textOf({}).contains(QStringLiteral("same configuration"))); }

} // namespace
} // namespace dubito::ui
