// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/session/EmptyPage.h"

#include "tests/support/FindChild.h"
#include "tests/support/SnapshotBuilder.h"
#include "ui/TextLabel.h"

#include <gtest/gtest.h>

#include <QApplication>
#include <QLabel>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>

namespace dubito::ui {
namespace {

TEST(EmptyPage, OneClickStartsTheSampleRun)
{
    EmptyPage page;
    page.display(tests::SnapshotBuilder().build());
    std::vector<session::Command> posted;
    QObject::connect(&page, &EmptyPage::commandWanted, &page, [&](const session::Command& command) { posted.push_back(command); });
    tests::findChild<QPushButton>(page, "emptyStart")->click();
    ASSERT_EQ(posted.size(), 1U);
    EXPECT_TRUE(std::holds_alternative<session::Start>(posted.front()));
}

TEST(EmptyPage, WithAModelOfOnesOwnItIsNoSampleRun)
{
    EmptyPage page;
    config::Config config;
    config.model.path = "/models/smol";
    page.display(tests::SnapshotBuilder().config(config).build());
    EXPECT_EQ(tests::findChild<QPushButton>(page, "emptyStart")->text(), QStringLiteral("&Start the run"));
}

TEST(EmptyPage, TheMachineIsToldAsItIsAndItsWorstFaultFirst)
{
    auto snapshot = tests::SnapshotBuilder().build();
    auto machine = std::make_shared<session::MachineReport>();
    machine->facts.threads = 8;
    machine->facts.vectors = { "avx2", "fma" };
    machine->facts.memory = { .total = std::int64_t { 32 } << 30, .available = std::int64_t { 18 } << 30 };
    machine->profile = "pro_32gb";
    snapshot.machine = machine;
    EmptyPage page;
    page.display(snapshot);
    const auto said = [&] {
        QStringList lines;
        for (const auto* label : page.findChildren<TextLabel*>()) {
            lines << label->text();
        }
        return lines.join(u'\n');
    };
    EXPECT_TRUE(said().contains(QStringLiteral("32.00 GiB, 18.00 GiB free"))) << said().toStdString();
    EXPECT_TRUE(said().contains(QStringLiteral("8 processors, AVX2")));
    EXPECT_TRUE(said().contains(QStringLiteral("pro_32gb")));
    const auto* verdict = tests::findChild<QLabel>(page, "emptyVerdict");
    EXPECT_EQ(verdict->text(), QStringLiteral("No problem found"));
    auto poor = std::make_shared<session::MachineReport>(*machine);
    poor->findings = { { session::Severity::Slow, "slow" }, { session::Severity::Blocking, "close other programs" }, { session::Severity::Warning, "perhaps" } };
    snapshot.machine = poor;
    page.display(snapshot);
    EXPECT_EQ(verdict->text(), QStringLiteral("Close other programs"));
}

TEST(EmptyPage, ANewRunAndAnEarlierOneAreAskedForByKeyboard)
{
    EmptyPage page;
    page.show();
    QSignalSpy planned(&page, &EmptyPage::newRunWanted);
    QSignalSpy opened(&page, &EmptyPage::openRunWanted);
    QTest::keyClick(tests::findChild<QPushButton>(page, "emptyNew"), Qt::Key_Space);
    QTest::keyClick(tests::findChild<QPushButton>(page, "emptyOpen"), Qt::Key_Space);
    EXPECT_EQ(planned.count(), 1);
    EXPECT_EQ(opened.count(), 1);
}

TEST(EmptyPage, TheCardsOfBothColumnsBeginOnOneLine)
{
    EmptyPage page;
    page.resize(1600, 900);
    page.show();
    QApplication::processEvents();
    const auto topOfCard = [&](const QWidget* inside) {
        while (inside->property("card").toString().isEmpty()) {
            inside = inside->parentWidget();
        }
        return inside->mapTo(&page, QPoint()).y();
    };
    EXPECT_EQ(topOfCard(tests::findChild<QWidget>(page, "emptyStart")), topOfCard(tests::findChild<QWidget>(page, "emptyVerdict")));
}

} // namespace
} // namespace dubito::ui
