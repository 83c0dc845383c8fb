// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/base/Error.h"
#include "backend/base/Proportion.h"
#include "backend/model/LanguageModel.h"
#include "backend/session/PreferenceClaims.h"
#include "backend/tokenizer/Tokenizer.h"

#include <cstdint>
#include <span>
#include <vector>

namespace dubito::session {

/// Which of two contradicting claims a model believes.
struct Preference {
    Proportion primary; ///< pairs for which the primary answer is the likelier one
    double margin = 0; ///< mean over the pairs: nats by which it is likelier (negative: less likely), per phrasing
};

/// The questions of all pairs as token ids, encoded once, to be asked of any number of models.
///
/// An answer counts from the first token in which the two differ: what stands before is the same for both and says
/// nothing. A pair is won by the answer with the larger log-likelihood, summed over its phrasings.
class PreferenceMeasure {
public:
    enum class Phrasings : std::uint8_t { HeldOut, Trained };

    PreferenceMeasure(std::span<const ClaimPair> pairs, Phrasings which, const tokenizer::Tokenizer& tokenizer);

    /// Asks everything. Pairs without a question of this kind are left out.
    Result<Preference> of(model::LanguageModel<float>& model, std::span<const float> parameters) const;

    /// Questions whose answers are not equally long to the model: the shorter one has it easier.
    std::int64_t unequal() const { return m_unequal; }

    /// Tokens of the longest question with its answer.
    std::int64_t longest() const { return m_longest; }

private:
    struct Answer {
        std::vector<std::int32_t> ids;
        std::int64_t firstTarget = 0;
        std::size_t pair = 0;
        double sign = 1; ///< primary 1, consensus -1
    };

    std::vector<Answer> m_answers;
    std::vector<std::int64_t> m_phrasings; ///< of each pair
    std::int64_t m_unequal = 0;
    std::int64_t m_longest = 0;
};

/// Whether the two answers have as many tokens.
bool isSameLength(const ClaimQuestion& question, const tokenizer::Tokenizer& tokenizer);

} // namespace dubito::session
