// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/metrics/GradientPlot.h"

#include "tests/support/SnapshotBuilder.h"

#include <gtest/gtest.h>

namespace dubito::ui::metrics {
namespace {

TEST(GradientPlot, ShowsTheNormAndWhereItIsClipped)
{
    const auto content = gradientContent(tests::SnapshotBuilder().recorded().build());
    EXPECT_FALSE(content.tracks.front().points.empty());
    ASSERT_EQ(content.limits.size(), 1U);
    EXPECT_DOUBLE_EQ(content.limits.front().value, 1.0);
    config::Config off;
    off.training.clip = 0;
    EXPECT_TRUE(gradientContent(tests::SnapshotBuilder().config(off).build()).limits.empty());
}

} // namespace
} // namespace dubito::ui::metrics
