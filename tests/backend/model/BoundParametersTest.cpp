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

TEST(BoundParameters, EveryMatrixOfAnAdapterGetsItsCopyAndTheWeightsKeepTheirs)
{
    const auto layout = ParameterLayout::of(sampleBase());
    const auto weights = sampleBlock(layout);
    const AdapterSample sample;
    const std::vector<Bf16> narrow(sample.block.size());
    BoundParameters<const float> bound;
    bound.bindWeights(layout, sampleBase(), { weights.data() });
    bound.bind(sample.layout, sampleBase(), sample.block);
    bound.attach(narrow.data());
    const auto& pair = bound.layers[0].adapters.down.parts[0];
    EXPECT_EQ(pair.narrowA.data - narrow.data(), pair.a.data - sample.block.data());
    EXPECT_EQ(pair.narrowB.data - narrow.data(), pair.b.data - sample.block.data());
    EXPECT_EQ(pair.narrowB.columns, pair.b.columns);
    EXPECT_EQ(bound.layers[0].down.narrow.data, nullptr);
}

} // namespace
} // namespace dubito::model
