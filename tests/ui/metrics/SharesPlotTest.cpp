// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/metrics/SharesPlot.h"

#include "tests/support/SnapshotBuilder.h"

#include <gtest/gtest.h>

namespace {

using namespace dubito::tests;
using namespace dubito::ui;
using namespace dubito::ui::metrics;
using dubito::metrics::Metric;

TEST(SharesPlot, OnlyClassesThatAreThereHaveALayer)
{
    const auto content = sharesContent(SnapshotBuilder()
                                           .running(2)
                                           .series(Metric::SharePatent, { 0.6, 0.6 })
                                           .series(Metric::ShareWiki, { 0.4, 0.4 })
                                           .series(Metric::ShareNews, { 0, 0 })
                                           .build());
    ASSERT_EQ(content.tracks.size(), 2U);
    EXPECT_NEAR(content.tracks[1].points.back().high, 100, 1e-9);
    EXPECT_LT(content.tracks[0].rank, content.tracks[1].rank); // the heavier one is read first
}

TEST(SharesPlot, TheEffectiveSampleSizeStandsInTheTitleLine)
{
    const auto content
        = sharesContent(SnapshotBuilder().running(2).series(Metric::EffectiveSampleSize, { 0.5, 0.52 }).build());
    EXPECT_EQ(content.note.toStdString(), "effective sample size 52 %");
}

} // namespace
