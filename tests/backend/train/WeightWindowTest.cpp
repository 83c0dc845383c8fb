// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/train/WeightWindow.h"

#include "backend/train/StepResult.h"
#include "tests/support/SmallTraining.h"

#include <gtest/gtest.h>

namespace dubito::train {
namespace {

using Row = EffectiveBatch::Row;

std::vector<SmallDocument> twoClasses()
{
    return { { .ids = { 1, 2 }, .sourceClass = "patent" }, { .ids = { 3, 4, 5 }, .sourceClass = "wiki" } };
}

TEST(WeightWindow, EqualWeightsAllCountAndOneHeavyOneCountsAlone)
{
    const SmallTraining small(twoClasses());
    WeightWindow window(small.documents, config::LossReduction::Token);
    EXPECT_EQ(window.effectiveSampleShare(), 1.0) << "nothing is known yet";
    window.add(std::vector<Row> { { 0, 1, 2.0 }, { 1, 2, 2.0 } });
    EXPECT_DOUBLE_EQ(window.effectiveSampleShare(), 1.0);
    window.clear();
    window.add(std::vector<Row> { { 0, 1, 1e6 }, { 1, 2, 1e-6 }, { 0, 1, 1e-6 }, { 1, 2, 1e-6 } });
    EXPECT_NEAR(window.effectiveSampleShare(), 0.25, 1e-9);
}

TEST(WeightWindow, SharesFollowTheReduction)
{
    const SmallTraining small(twoClasses());
    std::vector<double> shares;
    WeightWindow byToken(small.documents, config::LossReduction::Token);
    byToken.add(std::vector<Row> { { 0, 1, 3.0 }, { 1, 2, 1.0 } });
    byToken.classShares(shares);
    EXPECT_EQ(shares, (std::vector { 0.6, 0.4 })) << "3 × 1 target against 1 × 2";
    WeightWindow bySample(small.documents, config::LossReduction::Sample);
    bySample.add(std::vector<Row> { { 0, 1, 3.0 }, { 1, 2, 1.0 } });
    bySample.classShares(shares);
    EXPECT_EQ(shares, (std::vector { 0.75, 0.25 }));
}

TEST(WeightWindow, WeightsThatAreAllZeroDivideNothing)
{
    const SmallTraining small(twoClasses());
    WeightWindow window(small.documents, config::LossReduction::Token);
    window.add(std::vector<Row> { { 0, 1, 0.0 }, { 1, 2, 0.0 } });
    std::vector<double> shares;
    window.classShares(shares);
    EXPECT_EQ(shares, (std::vector { 0.0, 0.0 }));
    EXPECT_EQ(window.effectiveSampleShare(), 1.0);
}

TEST(WeightWindow, OnlyTheNewestDocumentsCount)
{
    const SmallTraining small(twoClasses());
    WeightWindow window(small.documents, config::LossReduction::Token);
    window.add(std::vector<Row> { { 0, 1, 1e9 } });
    window.add(std::vector<Row>(static_cast<std::size_t>(kWeightWindow), Row { 1, 2, 1.0 }));
    std::vector<double> shares;
    window.classShares(shares);
    EXPECT_EQ(shares, (std::vector { 0.0, 1.0 }));
    EXPECT_DOUBLE_EQ(window.effectiveSampleShare(), 1.0);
}

} // namespace
} // namespace dubito::train
