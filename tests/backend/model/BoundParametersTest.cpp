// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/model/BoundParameters.h"

#include "tests/backend/model/AdapterSample.h"

#include <gtest/gtest.h>

namespace dubito::model {
namespace {

TEST(BoundParameters, ABlockOfAdaptersLeavesTheWeightsWhereTheyAre)
{
    const auto layout = ParameterLayout::of(sampleBase());
    const auto weights = sampleBlock(layout);
    const AdapterSample sample;
    BoundParameters<const float> bound;
    bound.bindWeights(layout, sampleBase(), { weights.data() });
    const float* norm = bound.layers[0].inputNorm;
    bound.bind(sample.layout, sampleBase(), sample.block);
    EXPECT_EQ(bound.layers[0].inputNorm, norm);
    EXPECT_EQ(bound.layers[0].adapters.qkv.count, 1U);
    EXPECT_EQ(bound.layers[0].adapters.down.parts[0].a.columns, 24);
    EXPECT_EQ(bound.layers[0].reach, Reach::QueryKeyValue);
}

} // namespace
} // namespace dubito::model
