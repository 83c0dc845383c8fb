// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/session/PreferenceMeasure.h"

#include <algorithm>

namespace dubito::session {

namespace {

constexpr std::size_t kRowsAtOnce = 32;

struct EncodedQuestion {
    std::vector<std::int32_t> primary;
    std::vector<std::int32_t> consensus;
    std::int64_t shared = 0; ///< first tokens that are the same
};

EncodedQuestion encode(const ClaimQuestion& question, const tokenizer::Tokenizer& tokenizer)
{
    EncodedQuestion encoded;
    encoded.primary = tokenizer.encode(question.prompt + question.primary, tokenizer::SpecialTokens::With);
    encoded.consensus = tokenizer.encode(question.prompt + question.consensus, tokenizer::SpecialTokens::With);
    encoded.shared = std::ranges::mismatch(encoded.primary, encoded.consensus).in1 - encoded.primary.begin();
    return encoded;
}

} // namespace

bool isSameLength(const ClaimQuestion& question, const tokenizer::Tokenizer& tokenizer)
{
    const auto encoded = encode(question, tokenizer);
    return encoded.primary.size() == encoded.consensus.size();
}

PreferenceMeasure::PreferenceMeasure(
    std::span<const ClaimPair> pairs, Phrasings which, const tokenizer::Tokenizer& tokenizer)
    : m_phrasings(pairs.size(), 0)
{
    for (std::size_t i = 0; i < pairs.size(); ++i) {
        for (const ClaimQuestion& question : which == Phrasings::HeldOut ? pairs[i].heldOut : pairs[i].trained) {
            auto encoded = encode(question, tokenizer);
            m_unequal += encoded.primary.size() == encoded.consensus.size() ? 0 : 1;
            // The first token of all is predicted from nothing: it can be no target.
            const std::int64_t first = std::max<std::int64_t>(1, encoded.shared);
            for (auto* ids : { &encoded.primary, &encoded.consensus }) {
                m_longest = std::max(m_longest, static_cast<std::int64_t>(ids->size()));
                m_answers.push_back({ std::move(*ids), first, i, ids == &encoded.primary ? 1.0 : -1.0 });
            }
            ++m_phrasings[i];
        }
    }
}

Result<Preference> PreferenceMeasure::of(model::LanguageModel<float>& model, std::span<const float> parameters) const
{
    std::vector<double> margins(m_phrasings.size(), 0);
    std::vector<std::int32_t> ids;
    std::vector<std::uint8_t> targets;
    std::vector<std::int64_t> lengths;
    std::vector<model::SequenceLoss> losses;
    for (std::size_t begin = 0; begin < m_answers.size(); begin += kRowsAtOnce) {
        const std::span rows(m_answers.data() + begin, std::min(kRowsAtOnce, m_answers.size() - begin));
        ids.assign(rows.size() * static_cast<std::size_t>(m_longest), 0);
        targets.assign(ids.size(), 0);
        lengths.clear();
        for (std::size_t r = 0; r < rows.size(); ++r) {
            const auto at = static_cast<std::ptrdiff_t>(r) * m_longest;
            std::ranges::copy(rows[r].ids, ids.begin() + at);
            lengths.push_back(static_cast<std::int64_t>(rows[r].ids.size()));
            std::fill(targets.begin() + at + std::min(rows[r].firstTarget, lengths.back()),
                targets.begin() + at + lengths.back(), std::uint8_t { 1 });
        }
        losses.assign(rows.size(), {});
        const auto done = model.loss(
            parameters, { static_cast<std::int64_t>(rows.size()), m_longest, ids, lengths, targets }, losses);
        if (!done) {
            return done.error();
        }
        for (std::size_t r = 0; r < rows.size(); ++r) {
            margins[rows[r].pair] -= rows[r].sign * losses[r].crossEntropySum;
        }
    }
    Preference preference;
    for (std::size_t i = 0; i < margins.size(); ++i) {
        if (m_phrasings[i] == 0) {
            continue;
        }
        preference.margin += margins[i] / static_cast<double>(m_phrasings[i]);
        margins[i] > 0 ? preference.primary.addSuccess() : preference.primary.addFailure();
    }
    preference.margin /= static_cast<double>(std::max<std::int64_t>(1, preference.primary.trials));
    return preference;
}

} // namespace dubito::session
