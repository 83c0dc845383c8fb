// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/distrust/WeightReport.h"

#include <gtest/gtest.h>

namespace dubito::distrust {
namespace {

WeightReport reportOf(int heavy, int light, config::LossReduction reduction = config::LossReduction::Sample)
{
    WeightReport report(reduction);
    for (int i = 0; i < heavy; ++i) {
        report.add({ .weight = 30, .c = 7.4, .targets = 10, .sourceClass = 0 });
    }
    for (int i = 0; i < light; ++i) {
        report.add({ .weight = 1, .c = -1.3, .targets = 100, .sourceClass = 1 });
    }
    return report;
}

TEST(WeightReport, ThirtyToOneHalfAndHalfLeavesAboutHalfOfTheDocuments)
{
    EXPECT_NEAR(reportOf(50, 50).effectiveSampleShare(), 0.533, 0.001);
    EXPECT_NEAR(reportOf(5, 95).effectiveSampleShare(), 0.131, 0.001);
}

TEST(WeightReport, EqualWeightsCountInFull)
{
    EXPECT_DOUBLE_EQ(effectiveSampleShare(std::vector<double>(7, 2.5)), 1.0);
    EXPECT_DOUBLE_EQ(effectiveSampleShare({}), 1.0);
}

TEST(WeightReport, SharesFollowTheLossReduction)
{
    const auto byDocuments = reportOf(10, 10).shares();
    ASSERT_EQ(byDocuments.size(), 2U);
    EXPECT_DOUBLE_EQ(byDocuments[0].share, 30.0 / 31.0);
    EXPECT_EQ(byDocuments[0].documents, 10);

    const auto byTargets = reportOf(10, 10, config::LossReduction::Token).shares();
    EXPECT_DOUBLE_EQ(byTargets[0].share, 300.0 / 400.0);
}

TEST(WeightReport, CountsDocumentsBelowZero) { EXPECT_EQ(reportOf(3, 4).belowZero(), 4); }

} // namespace
} // namespace dubito::distrust
