// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/session/DocumentWeight.h"

#include "backend/distrust/DistrustTerm.h"
#include "backend/distrust/Weighting.h"

#include <gtest/gtest.h>

namespace dubito::session {
namespace {

provenance::Score scoreOfALetter()
{
    provenance::Score score;
    score.authority = 0.2;
    score.entropy = 4;
    return score;
}

double weightBy(double authority, double entropy, const config::Config& config)
{
    return distrust::weightOf(distrust::component(authority, entropy), config.distrust);
}

TEST(DocumentWeight, LabelsOfTheLineCountMoreThanItsScore)
{
    data::Document document;
    document.authority = 0.9;
    document.entropy = 1;
    const config::Config config;
    const auto weighed = weighDocument(document, scoreOfALetter(), config);
    EXPECT_EQ(weighed.labels, data::LabelSource::Given);
    EXPECT_DOUBLE_EQ(weighed.weight, weightBy(0.9, 1, config));
}

TEST(DocumentWeight, WithoutLabelsTheScoreCountsOrNothingDoes)
{
    config::Config config;
    config.data.unlabelled = config::Unlabelled::Score;
    const auto scored = weighDocument({}, scoreOfALetter(), config);
    EXPECT_EQ(scored.labels, data::LabelSource::Scored);
    EXPECT_DOUBLE_EQ(scored.weight, weightBy(0.2, 4, config));
    EXPECT_NE(scored.weight, 1);
    config.data.unlabelled = config::Unlabelled::WeightOne;
    const auto one = weighDocument({}, scoreOfALetter(), config);
    EXPECT_EQ(one.labels, data::LabelSource::WeightOne);
    EXPECT_EQ(one.weight, 1);
}

} // namespace
} // namespace dubito::session
