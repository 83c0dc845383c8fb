// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/train/Evaluator.h"

#include <algorithm>

namespace dubito::train {

namespace {

/// Any fixed number will do: it chooses the sample, and must be the same in every evaluation.
constexpr std::uint64_t kSampleSeed = 0x5eed;

} // namespace

Evaluator::Evaluator(const data::DocumentStore& documents, std::int64_t rows, std::int64_t atMost)
    : m_documents(documents)
    , m_sampler(documents, { .seed = kSampleSeed, .shuffle = config::Switch::On, .padId = 0, .scale = {} })
    , m_rows(rows)
    , m_wanted(atMost > 0 ? std::min(atMost, documents.size()) : documents.size())
    , m_sums(documents.sourceClasses().size())
{
}

Result<bool> Evaluator::advance(model::LanguageModel<float>& model, std::span<const float> parameters)
{
    const std::int64_t rows = std::min(m_rows, m_wanted - m_done);
    m_sampler.cut({ 0, m_done }, rows, m_batch);
    m_lengths.assign(m_batch.lengths.begin(), m_batch.lengths.end());
    m_losses.assign(static_cast<std::size_t>(rows), {});
    const auto measured = model.loss(
        parameters, { m_batch.rows, m_batch.length, m_batch.ids, m_lengths, m_batch.targets }, m_losses);
    if (!measured) {
        return measured.error();
    }
    for (std::size_t i = 0; i < m_losses.size(); ++i) {
        auto& sum = m_sums[static_cast<std::size_t>(m_documents.info(m_batch.documents[i]).sourceClass)];
        sum.crossEntropy += m_losses[i].crossEntropySum;
        sum.targets += m_losses[i].targets;
    }
    m_done += rows;
    return m_done >= m_wanted;
}

HeldOutLoss Evaluator::result() const
{
    HeldOutLoss result;
    result.documents = m_done;
    double total = 0;
    for (std::size_t i = 0; i < m_sums.size(); ++i) {
        const Sum& sum = m_sums[i];
        if (sum.targets > 0) {
            result.classes.push_back(
                { static_cast<std::int64_t>(i), sum.crossEntropy / static_cast<double>(sum.targets), sum.targets });
            result.targets += sum.targets;
            total += sum.crossEntropy;
        }
    }
    result.crossEntropy = result.targets > 0 ? total / static_cast<double>(result.targets) : 0.0;
    return result;
}

} // namespace dubito::train
