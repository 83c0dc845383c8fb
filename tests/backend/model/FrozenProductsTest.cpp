// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/model/FrozenWeights.h"
#include "backend/model/LanguageModel.h"
#include "tests/backend/model/CountingMemory.h"
#include "tests/support/SmallModel.h"

#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>

// A program of its own: the linker leads every call of the matrix library through here (--wrap=dnnl_sgemm).
namespace {

/// Of products with a transposed left side: gradients of weights, and what attention needs on its way back.
std::atomic<std::int64_t> transposedWork = 0;

} // namespace

extern "C" {

int __real_dnnl_sgemm(char transposeA, char transposeB, std::int64_t rows, std::int64_t columns, std::int64_t inner,
    float alpha, const float* a, std::int64_t strideA, const float* b, std::int64_t strideB, float beta, float* out,
    std::int64_t strideOut);

int __wrap_dnnl_sgemm(char transposeA, char transposeB, std::int64_t rows, std::int64_t columns, std::int64_t inner,
    float alpha, const float* a, std::int64_t strideA, const float* b, std::int64_t strideB, float beta, float* out,
    std::int64_t strideOut)
{
    if (transposeA == 'T') {
        transposedWork += rows * columns * inner;
    }
    return __real_dnnl_sgemm(
        transposeA, transposeB, rows, columns, inner, alpha, a, strideA, b, strideB, beta, out, strideOut);
}

} // extern "C"

namespace dubito::model {
namespace {

constexpr std::int64_t kB = 2;
constexpr std::int64_t kT = 9;

/// What one pass with gradients multiplies with a transposed left side.
std::int64_t workOf(LanguageModel<float>& model)
{
    const std::vector<float> parameters(static_cast<std::size_t>(model.layout().blockSize()), 0.01F);
    std::vector<float> gradients(parameters.size());
    const std::vector<std::int32_t> ids(kB * kT, 5);
    const std::vector<std::int64_t> lengths(kB, kT);
    const std::vector<float> coefficients(kB, 1.0F);
    std::vector<SequenceLoss> losses(kB);
    const std::int64_t before = transposedWork;
    EXPECT_TRUE(model.lossAndGradients(parameters, { kB, kT, ids, lengths, {} }, coefficients, losses, gradients));
    return transposedWork - before;
}

/// Of the gradients of all matrices of a layout: every row that is read meets every number once. The last token of a
/// sequence is only predicted.
std::int64_t workOfMatrices(const ParameterLayout& layout)
{
    std::int64_t work = 0;
    for (const Parameter& parameter : layout.parameters()) {
        work += parameter.isNormOrBias ? 0 : parameter.count * kB * (kT - 1);
    }
    return work;
}

TEST(FrozenProducts, WeightsBelowAnAdapterGetNoGradientProduct)
{
    ASSERT_EQ(setenv("DUBITO_F32_PRODUCTS", "library", 1), 0) << "or large ones would not be counted";
    CountingMemory memory;
    Parallel parallel(2);
    auto full = *LanguageModel<float>::create(smallConfig(), memory, parallel);
    const std::int64_t attention = workOf(full) - workOfMatrices(full.layout());
    ASSERT_GT(attention, 0) << "the way back through attention has such products too, and nothing is counted twice";

    for (const auto storage : { FrozenStorage::Full, FrozenStorage::Bf16 }) {
        auto base = *FrozenWeights<float>::create(smallConfig(), storage, memory);
        base.initialise(smallConfig(), 3);
        const LoraConfig lora { .rank = 3, .alpha = 6, .targets = *parseLoraTargets("all-linear") };
        auto adapted = *LanguageModel<float>::createAdapted(smallConfig(), lora, base, {}, memory, parallel);
        EXPECT_EQ(workOf(adapted), attention + workOfMatrices(adapted.layout())) << "only the adapter's own";
    }
}

} // namespace
} // namespace dubito::model
