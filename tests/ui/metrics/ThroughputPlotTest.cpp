// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/metrics/ThroughputPlot.h"

#include "tests/support/SnapshotBuilder.h"

#include <gtest/gtest.h>

#include <limits>

namespace {

using namespace dubito::tests;
using namespace dubito::ui;
using namespace dubito::ui::metrics;
using dubito::metrics::Metric;

TEST(ThroughputPlot, ThePaceOfOneSlowStepDoesNotMoveTheMedian)
{
    const auto content = throughputContent(SnapshotBuilder()
                                               .running(5)
                                               .series(Metric::TokensPerSecond, { 2000, 2100, 3, 2200, 2150 })
                                               .series(Metric::StepMilliseconds, { 1700, 1800, 9000 })
                                               .build());
    ASSERT_EQ(content.readings.size(), 2U);
    EXPECT_EQ(content.readings[0].second.toStdString(), "2,100");
    EXPECT_EQ(content.readings[1].second.toStdString(), "1.80 s");
    EXPECT_EQ(content.base, chart::YBase::Zero);
}

TEST(ThroughputPlot, WithoutAFiniteNumberThereIsNoMedian)
{
    const double nan = std::numeric_limits<double>::quiet_NaN();
    EXPECT_TRUE(throughputContent(SnapshotBuilder().running(1).series(Metric::TokensPerSecond, { nan }).build())
                    .readings.empty());
}

} // namespace
