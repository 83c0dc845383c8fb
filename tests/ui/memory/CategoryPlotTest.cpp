// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/memory/CategoryPlot.h"

#include "tests/support/SnapshotBuilder.h"

#include <gtest/gtest.h>

namespace {

using namespace dubito;
using namespace dubito::tests;
using namespace dubito::ui::memory;
using dubito::metrics::Metric;

session::Snapshot threeCategories()
{
    auto snapshot = SnapshotBuilder()
                        .running(2)
                        .series(Metric::Weights, { 100, 100 })
                        .series(Metric::Activations, { 40, 50 })
                        .series(Metric::Untracked, { 5, -3 })
                        .build();
    snapshot.memory.peakResident = 1 << 20;
    return snapshot;
}

TEST(CategoryPlot, LayersStandOnEachOther)
{
    const auto content = categoryContent(threeCategories());
    ASSERT_EQ(content.tracks.size(), 3U);
    EXPECT_DOUBLE_EQ(content.tracks[1].points.back().low, 100);
    EXPECT_DOUBLE_EQ(content.tracks[1].points.back().high, 150);
    EXPECT_DOUBLE_EQ(content.tracks[1].points.back().mean, 50);
}

TEST(CategoryPlot, ARestBelowZeroTakesNothingAway)
{
    const auto content = categoryContent(threeCategories());
    EXPECT_DOUBLE_EQ(content.tracks[2].points.back().high, 150);
}

TEST(CategoryPlot, WhatShouldNeverGrowIsGrey)
{
    const auto content = categoryContent(threeCategories());
    EXPECT_EQ(content.tracks[0].ink, ui::chart::Ink::G1);
    EXPECT_EQ(content.tracks[1].ink, ui::chart::Ink::C1);
}

} // namespace
