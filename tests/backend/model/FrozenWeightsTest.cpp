// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/model/FrozenWeights.h"

#include "backend/model/Dtype.h"
#include "tests/backend/model/AdapterSample.h"
#include "tests/backend/model/CountingMemory.h"

#include <gtest/gtest.h>

namespace dubito::model {
namespace {

std::vector<float> numbersOf(const FrozenWeights<float>& weights)
{
    std::vector<float> block(static_cast<std::size_t>(weights.layout().blockSize()));
    for (const Parameter& parameter : weights.layout().parameters()) {
        weights.readInto(parameter,
            std::span(block).subspan(
                static_cast<std::size_t>(parameter.offset), static_cast<std::size_t>(parameter.count)));
    }
    return block;
}

TEST(FrozenWeights, KeptWholeTheyAreTheNumbersOfTheFile)
{
    const TemporaryFolder folder;
    CountingMemory memory;
    auto weights = *FrozenWeights<float>::create(sampleBase(), FrozenStorage::Full, memory);
    const auto block = sampleBlock(weights.layout());
    writeTensors(folder.path() / "model.safetensors", weights.layout(), block, "");
    const auto files = WeightFiles::open(folder.path());
    ASSERT_TRUE(files);
    ASSERT_TRUE(weights.read(*files));
    EXPECT_EQ(numbersOf(weights), block);
    EXPECT_EQ(storageOf(*files, weights.layout()), FrozenStorage::Full);
}

TEST(FrozenWeights, AsBf16MatricesAreRoundedAndTakeHalfAndNormsStayWhole)
{
    CountingMemory memory;
    auto full = *FrozenWeights<float>::create(sampleBase(), FrozenStorage::Full, memory);
    auto half = *FrozenWeights<float>::create(sampleBase(), FrozenStorage::Bf16, memory);
    const auto block = sampleBlock(full.layout());
    half.fill(block);
    const auto got = numbersOf(half);
    for (const Parameter& parameter : half.layout().parameters()) {
        for (auto i = static_cast<std::size_t>(parameter.offset); i < static_cast<std::size_t>(parameter.offset + parameter.count); ++i) {
            ASSERT_EQ(got[i], parameter.isNormOrBias ? block[i] : fromBf16(toBf16(block[i]))) << parameter.name;
        }
    }
    EXPECT_LT(half.bytes(), full.bytes() * 6 / 10);
}

TEST(FrozenWeights, TheSameSeedGivesTheSameRandomNumbers)
{
    CountingMemory memory;
    auto one = *FrozenWeights<float>::create(sampleBase(), FrozenStorage::Full, memory);
    auto two = *FrozenWeights<float>::create(sampleBase(), FrozenStorage::Full, memory);
    one.initialise(sampleBase(), 4);
    two.initialise(sampleBase(), 4);
    EXPECT_EQ(numbersOf(one), numbersOf(two));
    two.initialise(sampleBase(), 5);
    EXPECT_NE(numbersOf(one), numbersOf(two));
}

TEST(FrozenWeights, ABudgetThatHasNoRoomForThemRefusesThem)
{
    CountingMemory memory(100);
    EXPECT_EQ(FrozenWeights<float>::create(sampleBase(), FrozenStorage::Bf16, memory).error().code, ErrorCode::Memory);
}

} // namespace
} // namespace dubito::model
