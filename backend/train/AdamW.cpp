// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/train/AdamW.h"

#include "backend/base/Check.h"
#include "backend/base/VectorClones.h"

#include <algorithm>
#include <cmath>

namespace dubito::train {

namespace {

struct Factors {
    float keep; ///< 1 − lr·wd
    float scale; ///< clip factor
    float beta1;
    float beta2;
    float stepSize; ///< lr / (1 − β1^t)
    float inverseRoot2; ///< 1 / √(1 − β2^t)
    float epsilon;
};

/// In pieces that stay in the first cache, so that the copy in BF16 reads what has just been written.
constexpr std::int64_t kPiece = 1024;

DUBITO_VECTOR_CLONES
void narrowRange(model::Bf16* __restrict narrow, const float* __restrict parameters, std::int64_t count)
{
    for (std::int64_t i = 0; i < count; ++i) {
        narrow[i] = model::rounded(parameters[i]);
    }
}

DUBITO_VECTOR_CLONES
void updateRange(float* __restrict parameters, float* __restrict gradients, float* __restrict first,
    float* __restrict second, std::int64_t count, const Factors f)
{
    for (std::int64_t i = 0; i < count; ++i) {
        const float g = gradients[i] * f.scale;
        const float m = f.beta1 * first[i] + (1.0F - f.beta1) * g;
        const float v = f.beta2 * second[i] + (1.0F - f.beta2) * g * g;
        first[i] = m;
        second[i] = v;
        parameters[i] = parameters[i] * f.keep - f.stepSize * m / (std::sqrt(v) * f.inverseRoot2 + f.epsilon);
        gradients[i] = 0.0F;
    }
}

void updatePieces(const AdamWBlocks& blocks, std::int64_t begin, std::int64_t end, const Factors& f)
{
    for (std::int64_t i = begin; i < end; i += kPiece) {
        const std::int64_t count = std::min(kPiece, end - i);
        updateRange(blocks.parameters.data() + i, blocks.gradients.data() + i, blocks.firstMoments.data() + i,
            blocks.secondMoments.data() + i, count, f);
        if (!blocks.narrow.empty()) {
            narrowRange(blocks.narrow.data() + i, blocks.parameters.data() + i, count);
        }
    }
}

} // namespace

AdamW::AdamW(const model::ParameterLayout& layout, const AdamWRules& rules) : m_rules(rules)
{
    for (const auto& parameter : layout.parameters()) {
        const bool exempt = rules.decay == Decay::NotNormsAndBiases && parameter.isNormOrBias;
        const double weightDecay = exempt ? 0.0 : rules.weightDecay;
        if (m_ranges.empty() || m_ranges.back().weightDecay != weightDecay) {
            m_ranges.push_back({ parameter.offset, parameter.offset, weightDecay });
        }
        m_ranges.back().end = parameter.offset + parameter.count;
    }
}

void AdamW::step(const AdamWBlocks& blocks, std::int64_t number, double learningRate, double gradientScale,
    Parallel& parallel) const
{
    CHECK(number >= 1, "AdamW counts its steps from 1");
    const auto t = static_cast<double>(number);
    Factors factors {};
    factors.scale = static_cast<float>(gradientScale);
    factors.beta1 = static_cast<float>(m_rules.beta1);
    factors.beta2 = static_cast<float>(m_rules.beta2);
    factors.stepSize = static_cast<float>(learningRate / (1.0 - std::pow(m_rules.beta1, t)));
    factors.inverseRoot2 = static_cast<float>(1.0 / std::sqrt(1.0 - std::pow(m_rules.beta2, t)));
    factors.epsilon = static_cast<float>(m_rules.epsilon);

    constexpr std::int64_t kGrain = 1024;
    const auto size = static_cast<std::int64_t>(blocks.parameters.size());
    parallel.forSlices(size, kGrain, [&](std::int64_t begin, std::int64_t end, int) {
        for (const Range& range : m_ranges) {
            const std::int64_t from = std::max(begin, range.begin);
            const std::int64_t to = std::min(end, range.end);
            if (from < to) {
                Factors f = factors;
                f.keep = static_cast<float>(1.0 - learningRate * range.weightDecay);
                updatePieces(blocks, from, to, f);
            }
        }
    });
}

} // namespace dubito::train
