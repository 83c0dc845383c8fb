// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/base/Error.h"
#include "backend/base/Random.h"

#include <cstdint>
#include <span>
#include <vector>

namespace dubito::model {

/// How the next token is chosen among all that may follow. Applied in this order.
struct SamplingRules {
    double temperature = 0.8; ///< below 1 bolder, above 1 wilder; 0: always the likeliest
    std::int64_t topK = 0; ///< only the K likeliest; 0: all
    double topP = 0.95; ///< only the likeliest that together have this share; 1: all
};

/// Chooses tokens by their logits. Keeps its memory from token to token; the same seed gives the same choices.
class TokenSampler {
public:
    TokenSampler(const SamplingRules& rules, std::uint64_t seed) : m_rules(rules), m_random(seed) { }

    /// The id of the next token; of equal ones the lower id comes first. ErrorCode::Model when a logit is not finite:
    /// such a model is broken. Requires: not empty.
    Result<std::int32_t> choose(std::span<const float> logits);

private:
    struct Candidate {
        double probability;
        std::int32_t id;
    };

    void weigh(std::span<const float> logits);
    void keepLikeliest();

    SamplingRules m_rules;
    Random m_random;
    std::vector<Candidate> m_candidates; ///< likeliest first, not yet divided by their sum
};

} // namespace dubito::model
