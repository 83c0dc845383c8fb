// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/provenance/CorpusStrip.h"

#include "tests/support/FindChild.h"
#include "tests/support/SnapshotBuilder.h"
#include "ui/TextLabel.h"

#include <gtest/gtest.h>

namespace dubito::ui {
namespace {

QStringList wordsOf(const QWidget& widget)
{
    QStringList words;
    for (const auto* label : widget.findChildren<TextLabel*>()) {
        words << label->text();
    }
    return words;
}

TEST(CorpusStrip, CountsTheCorpus)
{
    CorpusStrip strip;
    strip.resize(1200, 80);
    strip.display(tests::SnapshotBuilder().documents(1).build());
    strip.show();
    const QStringList words = wordsOf(strip);
    for (const char* wanted : { "7,895", "14 lines skipped", "every line has its own", "52 %", "4,105 of 7,895; warns under 20 %" }) {
        EXPECT_TRUE(words.contains(QString::fromUtf8(wanted))) << wanted << " in " << words.join(QLatin1Char('|')).toStdString();
    }
    EXPECT_TRUE(tests::findChild<ShareBars>(strip, "shareBars")->accessibleName().contains(QStringLiteral("government: 54 % of the documents, 11 % of the gradient")));
    EXPECT_FALSE(strip.grab().isNull());
}

TEST(CorpusStrip, BeforeACorpusItInventsNoNumber)
{
    CorpusStrip strip;
    strip.display(tests::SnapshotBuilder().build());
    EXPECT_TRUE(wordsOf(strip).contains(QStringLiteral("no corpus was read yet")));
    EXPECT_FALSE(wordsOf(strip).contains(QStringLiteral("0")));
    EXPECT_FALSE(strip.grab().isNull());
}

TEST(CorpusStrip, ClassesWithoutRoomInTheKeyAreCounted)
{
    ShareBars bars;
    bars.setCorpus(tests::SnapshotBuilder().documents(1).build().corpus);
    bars.resize(1200, 80);
    EXPECT_EQ(bars.missingInKey(), 0);
    bars.resize(300, 80);
    EXPECT_GT(bars.missingInKey(), 2);
    EXPECT_FALSE(bars.grab().isNull());
}

} // namespace
} // namespace dubito::ui
