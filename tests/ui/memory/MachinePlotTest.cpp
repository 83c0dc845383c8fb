// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/memory/MachinePlot.h"

#include "tests/support/SnapshotBuilder.h"

#include <gtest/gtest.h>

namespace dubito::ui::memory {
namespace {

TEST(MachinePlot, ShowsWhatIsLeftAndWhereTheRunPauses)
{
    const auto content = machineContent(tests::SnapshotBuilder().recorded().build());
    ASSERT_EQ(content.limits.size(), 2U);
    EXPECT_NEAR(content.limits[0].value, 4.68, 0.01);
    EXPECT_TRUE(content.limits[0].needsToBeSeen);
    EXPECT_NEAR(content.tracks.back().points.front().mean, 18.4, 0.1);
    EXPECT_TRUE(machineContent({}).limits.empty());
}

} // namespace
} // namespace dubito::ui::memory
