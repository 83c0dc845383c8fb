// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/metrics/LearningRatePlot.h"

#include "tests/support/SnapshotBuilder.h"

#include <gtest/gtest.h>

#include <cmath>

namespace dubito::ui::metrics {
namespace {

TEST(LearningRatePlot, ThePowerOfTenStandsInTheTitleAndNotAtEveryTick)
{
    const auto content = learningRateContent(tests::SnapshotBuilder().series(dubito::metrics::Metric::LearningRate, { 0, 1e-5, 5e-5, 2e-5 }).build());
    EXPECT_EQ(content.unit.toStdString(), "× 10⁻⁵");
    EXPECT_NEAR(content.tracks.front().points[2].mean, 5, 1e-9);
}

TEST(LearningRatePlot, AnEmptyZeroOrBrokenRateIsNoTrouble)
{
    EXPECT_TRUE(learningRateContent({}).tracks.front().points.empty());
    EXPECT_TRUE(learningRateContent(tests::SnapshotBuilder().series(dubito::metrics::Metric::LearningRate, { 0, 0 }).build()).unit.isEmpty());
    EXPECT_FALSE(learningRateContent(tests::SnapshotBuilder().series(dubito::metrics::Metric::LearningRate, { std::nan(""), HUGE_VAL, 1e300 }).build()).unit.isEmpty());
}

} // namespace
} // namespace dubito::ui::metrics
