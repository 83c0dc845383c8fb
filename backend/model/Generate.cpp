// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/model/Generate.h"

#include "backend/base/Check.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace dubito::model {

Result<std::int32_t> TokenSampler::choose(std::span<const float> logits)
{
    CHECK(!logits.empty(), "a choice among nothing");
    const auto bad = std::ranges::find_if(logits, [](float logit) { return !std::isfinite(logit); });
    if (bad != logits.end()) {
        return Error { ErrorCode::Model,
            fmt::format("the model's answer for token {} is not finite; its weights are damaged, or its training diverged",
                bad - logits.begin()),
            "" };
    }
    if (m_rules.temperature <= 0) {
        return static_cast<std::int32_t>(std::ranges::max_element(logits) - logits.begin());
    }
    weigh(logits);
    keepLikeliest();
    double sum = 0;
    for (const Candidate& candidate : m_candidates) {
        sum += candidate.probability;
    }
    double left = m_random.uniform() * sum;
    for (const Candidate& candidate : m_candidates) {
        left -= candidate.probability;
        if (left < 0) {
            return candidate.id;
        }
    }
    // Only rounding leads here.
    return m_candidates.front().id;
}

/// All candidates with weights in proportion to their probabilities: the likeliest has 1.
void TokenSampler::weigh(std::span<const float> logits)
{
    const double highest = *std::ranges::max_element(logits);
    m_candidates.resize(logits.size());
    for (std::size_t i = 0; i < logits.size(); ++i) {
        m_candidates[i] = { std::exp((static_cast<double>(logits[i]) - highest) / m_rules.temperature),
            static_cast<std::int32_t>(i) };
    }
}

void TokenSampler::keepLikeliest()
{
    const bool isCut = m_rules.topK > 0 || m_rules.topP < 1;
    if (!isCut) {
        return;
    }
    const auto comesFirst = [](const Candidate& a, const Candidate& b) {
        return a.probability != b.probability ? a.probability > b.probability : a.id < b.id;
    };
    const auto most = m_rules.topK > 0 ? std::min(m_candidates.size(), static_cast<std::size_t>(m_rules.topK))
                                       : m_candidates.size();
    std::ranges::partial_sort(m_candidates, m_candidates.begin() + static_cast<std::ptrdiff_t>(most), comesFirst);
    m_candidates.resize(most);
    double sum = 0;
    for (const Candidate& candidate : m_candidates) {
        sum += candidate.probability;
    }
    double kept = 0;
    std::size_t count = 0;
    while (count < m_candidates.size() && (count == 0 || kept < m_rules.topP * sum)) {
        kept += m_candidates[count++].probability;
    }
    m_candidates.resize(count);
}

} // namespace dubito::model
