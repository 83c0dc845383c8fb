// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/session/Banner.h"

#include "tests/support/FindChild.h"
#include "tests/support/SnapshotBuilder.h"

#include <gtest/gtest.h>

#include <QLabel>
#include <QPushButton>

namespace dubito::ui {
namespace {

using tests::SnapshotBuilder;

TEST(Banner, IsAwayWhenAllIsWell)
{
    EXPECT_FALSE(bannerOf(SnapshotBuilder().recorded().build()));
    EXPECT_FALSE(bannerOf(SnapshotBuilder().build()));
}

TEST(Banner, ALeakIsNamedWithItsMultipleOfTheLimit)
{
    const auto text = bannerOf(SnapshotBuilder().leaking().build());
    ASSERT_TRUE(text);
    EXPECT_EQ(text->title, QStringLiteral("Leak: activations grow by 4.0 MB/step, 4 times the limit"));
    EXPECT_EQ(text->tone, Tone::Failed);
}

TEST(Banner, AFailureSaysWhatTheBackendSaid)
{
    const auto text = bannerOf(SnapshotBuilder().failed().build());
    ASSERT_TRUE(text);
    EXPECT_TRUE(text->text.contains(QStringLiteral("4711")));
}

TEST(Banner, RetainedAfterAPlannedReloadMayBeDismissedAndOtherwiseWaits)
{
    auto snapshot = SnapshotBuilder().recorded().build();
    snapshot.reload.lastOutcome = reload::Outcome::Retained;
    const auto has = [](const BannerText& text, BannerStep step) { return std::ranges::find(text.steps, step) != text.steps.end(); };
    EXPECT_TRUE(has(*bannerOf(snapshot), BannerStep::Dismiss));
    snapshot.run.state = train::RunState::Paused;
    EXPECT_FALSE(has(*bannerOf(snapshot), BannerStep::Dismiss));
    EXPECT_TRUE(has(*bannerOf(snapshot), BannerStep::Resume));
}

TEST(Banner, DismissedItStaysAwayUntilAnotherOccasion)
{
    Banner banner;
    auto snapshot = SnapshotBuilder().recorded().build();
    snapshot.run.note = "the additive term has no gradient";
    banner.display(snapshot);
    EXPECT_FALSE(banner.isHidden());
    tests::findChild<QPushButton>(banner, "bannerDismiss")->click();
    banner.display(snapshot);
    EXPECT_TRUE(banner.isHidden());
    banner.display(SnapshotBuilder().failed().build());
    EXPECT_FALSE(banner.isHidden());
}

TEST(Banner, ItsButtonsPostCommands)
{
    Banner banner;
    banner.display(SnapshotBuilder().leaking().build());
    std::vector<session::Command> posted;
    QObject::connect(&banner, &Banner::commandWanted, &banner, [&](const session::Command& command) { posted.push_back(command); });
    tests::findChild<QPushButton>(banner, "bannerStopDrill")->click();
    ASSERT_EQ(posted.size(), 1U);
    EXPECT_TRUE(std::holds_alternative<session::StopDrill>(posted.front()));
}

} // namespace
} // namespace dubito::ui
