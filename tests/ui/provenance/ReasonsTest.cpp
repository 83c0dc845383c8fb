// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/provenance/Reasons.h"

#include "tests/support/SnapshotBuilder.h"

#include <gtest/gtest.h>

namespace dubito::ui {
namespace {

session::ScoredDocument document()
{
    session::ScoredDocument made;
    made.text = "2016. The CDC says that <experts> agree.";
    made.authority = 0.85, made.entropy = 0.65, made.doubt = -1.25, made.rawWeight = 0.62, made.weight = 0.13;
    const auto at = [&](std::string_view words) { return static_cast<std::int64_t>(made.text.find(words)); };
    made.reasons = { { "base", "", -1, -1, 0.30, 1.50 }, { "institution", "CDC", at("CDC"), at("CDC") + 3, 0.30, -0.45 },
        { "age", "2016", 0, 4, 0.15, 0 }, { "consensus", "<experts> agree", at("<experts>"), at("<experts>") + 15, 0.10, -0.40 } };
    return made;
}

std::string line(const ReasonRow& row) { return (row.letter + u'|' + row.rule + u'|' + row.words + u'|' + row.authority + u'|' + row.entropy).toStdString(); }

TEST(Reasons, LettersFollowTheTextAndTheSumEndsTheTable)
{
    const auto rows = reasonRows(document());
    ASSERT_EQ(rows.size(), 5U);
    EXPECT_EQ(line(rows[0]), "|start||+0.30|+1.50");
    EXPECT_EQ(line(rows[1]), "b|institution named|CDC|+0.30|−0.45");
    EXPECT_EQ(line(rows[2]), "a|published|2016|+0.15|");
    EXPECT_EQ(line(rows[3]), "c|consensus phrase|<experts> agree|+0.10|−0.40");
    EXPECT_EQ(line(rows[4]), "|together||0.85|0.65");
    EXPECT_TRUE(rows[4].isSum);
}

TEST(Reasons, LabelsOfTheLineOverruleWhatTheTextSays)
{
    auto labelled = document();
    labelled.labelled = true;
    labelled.authority = 0.95;
    const auto rows = reasonRows(labelled);
    EXPECT_EQ(line(rows[rows.size() - 2]), "|the text says||0.85|0.65");
    EXPECT_EQ(line(rows.back()), "|its line says, and that counts||0.95|0.65");
}

TEST(Reasons, TheTextIsMarkedAndNothingInItIsMarkup)
{
    const QString html = markedText(document(), themeFor(Scheme::Light));
    EXPECT_TRUE(html.contains(QStringLiteral("&lt;experts&gt; agree<sup><b>c</b></sup></a>"))) << html.toStdString();
    EXPECT_TRUE(html.contains(QStringLiteral(">2016<sup><b>a</b></sup></a>. The ")));
    EXPECT_FALSE(html.contains(QStringLiteral("<experts>")));
}

TEST(Reasons, PlacesOutsideTheTextOrAcrossEachOtherAreLeftOut)
{
    auto broken = document();
    broken.reasons = { { "age", "x", 0, 1 << 30, 1, 1 }, { "age", "x", 9, 3, 1, 1 }, { "institution", "The CDC", 6, 13, 1, 1 },
        { "consensus", "CDC says", 10, 18, 1, 1 } };
    const auto rows = reasonRows(broken);
    EXPECT_EQ(rows[2].letter, QStringLiteral("a"));
    EXPECT_TRUE(rows[0].letter.isEmpty() && rows[1].letter.isEmpty() && rows[3].letter.isEmpty());
    EXPECT_EQ(markedText(broken, themeFor(Scheme::Dark)).count(QStringLiteral("<a ")), 1);
}

TEST(Reasons, TheWayToTheWeightIsWrittenDown)
{
    auto snapshot = tests::SnapshotBuilder().documents(1).build();
    const auto lines = weightLines(document(), snapshot);
    ASSERT_EQ(lines.size(), 2U);
    EXPECT_EQ(lines[0].second.toStdString(), "ln(1 − 0.85) + 0.65 = −1.25");
    EXPECT_EQ(lines[1].second.toStdString(), "exp(0.389 × −1.25) = 0.62, divided by the mean 4.59 = 0.13");
    auto unlabelled = document();
    unlabelled.hasWeightOne = true;
    EXPECT_EQ(weightLines(unlabelled, snapshot).size(), 1U) << "no number is invented for it";
}

} // namespace
} // namespace dubito::ui
