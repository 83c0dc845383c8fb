// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/distrust/Weighting.h"

#include "backend/distrust/DistrustTerm.h"

#include <gtest/gtest.h>

#include <cmath>

namespace dubito::distrust {
namespace {

using config::WeightingMode;

config::Distrust rulesOf(WeightingMode mode, double lambda = 1.0)
{
    config::Distrust rules;
    rules.weighting = mode;
    rules.lambda = lambda;
    return rules;
}

double weight(WeightingMode mode, double authority, double entropy, double lambda = 1.0)
{
    return weightOf(component(authority, entropy), rulesOf(mode, lambda));
}

double referenceRatio(WeightingMode mode, double lambda = 1.0)
{
    return weight(mode, 0.05, 7.5, lambda) / weight(mode, 0.90, 1.0, lambda);
}

TEST(Weighting, MonotoneMakesExactlyThirtyToOneOfThePublishedPair)
{
    EXPECT_NEAR(referenceRatio(WeightingMode::Monotone), 30.0, 1e-12);
    EXPECT_NEAR(monotoneSlope(), 0.388651, 1e-6);
    EXPECT_NEAR(weight(WeightingMode::Monotone, 0.05, 7.5), 18.08, 0.01);
}

TEST(Weighting, MonotoneFallsWithAuthorityAndRisesWithEntropy)
{
    for (double authority = 0; authority < 0.98; authority += 0.03) {
        for (double entropy = 0; entropy < 10; entropy += 0.5) {
            const double here = weight(WeightingMode::Monotone, authority, entropy);
            EXPECT_GT(here, weight(WeightingMode::Monotone, authority + 0.01, entropy));
            EXPECT_LT(here, weight(WeightingMode::Monotone, authority, entropy + 0.01));
        }
    }
}

TEST(Weighting, PublishedIsTheTermItself)
{
    EXPECT_NEAR(referenceRatio(WeightingMode::Published), 32.70, 0.01);
    EXPECT_NEAR(weight(WeightingMode::Published, 0.05, 7.5), 149.805, 1e-3);
}

TEST(Weighting, AffineHasTheRatiosOfTheUpstreamProject)
{
    EXPECT_NEAR(referenceRatio(WeightingMode::Affine, 0.6), 24.24, 0.01);
    EXPECT_NEAR(referenceRatio(WeightingMode::Affine, 1.0), 27.02, 0.01);
}

TEST(Weighting, HingeGivesTheFloorBelowZero)
{
    EXPECT_DOUBLE_EQ(weight(WeightingMode::Hinge, 0.99, 0.0), 1.0);
    EXPECT_NEAR(weight(WeightingMode::Hinge, 0.05, 7.5), 150.805, 1e-3);
}

TEST(Weighting, AdditiveWeighsAllAlikeAndSaysThatItHasNoGradient)
{
    EXPECT_DOUBLE_EQ(referenceRatio(WeightingMode::Additive), 1.0);
    EXPECT_EQ(weightingRow(WeightingMode::Additive).reach, Reach::ReportOnly);
    EXPECT_EQ(weightingRow(WeightingMode::Monotone).reach, Reach::Gradient);
}

TEST(Weighting, AbsurdLabelsStayFinite)
{
    for (const WeightingRow& row : weightingTable()) {
        for (const double entropy : { 0.0, 1e6, 1e200, 1e308 }) {
            const double here = weightOf(component(0.5, entropy), rulesOf(row.mode));
            EXPECT_TRUE(std::isfinite(here)) << row.word << " " << entropy;
            EXPECT_GE(here, 0) << row.word << " " << entropy;
        }
    }
}

} // namespace
} // namespace dubito::distrust
