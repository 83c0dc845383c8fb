// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/train/EffectiveBatch.h"

#include "backend/base/Check.h"
#include "backend/distrust/DistrustTerm.h"
#include "backend/distrust/WeightMean.h"

#include <algorithm>

namespace dubito::train {

namespace {

std::size_t toSize(std::int64_t value) { return static_cast<std::size_t>(value); }

} // namespace

EffectiveBatch::EffectiveBatch(const data::DocumentStore& documents, const data::SamplerOptions& options,
    const config::Distrust& distrust, config::LossReduction reduction)
    : m_documents(documents)
    , m_sampler(documents, options)
    , m_distrust(distrust)
    , m_reduction(reduction)
{
}

void EffectiveBatch::cut(const data::Cursor& from, std::int64_t rows, std::int64_t accumulate)
{
    CHECK(rows > 0 && accumulate > 0, "a step without documents was asked for");
    m_rowsPerBatch = rows;
    m_batches.resize(toSize(accumulate));
    m_lengths.resize(toSize(accumulate));
    data::Cursor cursor = from;
    for (std::size_t i = 0; i < m_batches.size(); ++i) {
        m_sampler.cut(cursor, rows, m_batches[i]);
        m_lengths[i].assign(m_batches[i].lengths.begin(), m_batches[i].lengths.end());
        cursor = m_batches[i].next;
    }
    collectRows();
    setCoefficients();
}

void EffectiveBatch::collectRows()
{
    m_rows.clear();
    m_targets = 0;
    for (const auto& batch : m_batches) {
        for (std::int64_t b = 0; b < batch.rows; ++b) {
            const auto first = batch.targets.begin() + b * batch.length;
            const auto targets = std::count(first, first + batch.length, std::uint8_t { 1 });
            m_rows.push_back({ batch.documents[toSize(b)], targets, batch.weights[toSize(b)] });
            m_targets += targets;
        }
    }
    if (m_distrust.normalise == config::Normalise::Batch) {
        std::vector<double> weights(m_rows.size());
        std::ranges::transform(m_rows, weights.begin(), &Row::weight);
        weights = distrust::normalisedByMean(weights);
        for (std::size_t i = 0; i < m_rows.size(); ++i) {
            m_rows[i].weight = weights[i];
        }
    }
    m_losses.assign(m_rows.size(), {});
}

void EffectiveBatch::setCoefficients()
{
    m_factors.resize(m_rows.size());
    m_coefficients.resize(m_rows.size());
    for (std::size_t i = 0; i < m_rows.size(); ++i) {
        const auto divisor = m_reduction == config::LossReduction::Token
            ? static_cast<double>(m_targets)
            : static_cast<double>(m_rows[i].targets) * static_cast<double>(m_rows.size());
        m_factors[i] = m_rows[i].weight / divisor;
        m_coefficients[i] = static_cast<float>(m_factors[i]);
    }
}

model::TokenBatch EffectiveBatch::tokens(std::int64_t micro) const
{
    const auto& batch = m_batches[toSize(micro)];
    return { batch.rows, batch.length, batch.ids, m_lengths[toSize(micro)], batch.targets };
}

std::span<const float> EffectiveBatch::coefficients(std::int64_t micro) const
{
    return std::span(m_coefficients).subspan(toSize(micro * m_rowsPerBatch), toSize(m_rowsPerBatch));
}

std::span<model::SequenceLoss> EffectiveBatch::losses(std::int64_t micro)
{
    return std::span(m_losses).subspan(toSize(micro * m_rowsPerBatch), toSize(m_rowsPerBatch));
}

double EffectiveBatch::crossEntropy() const
{
    double sum = 0;
    for (const auto& loss : m_losses) {
        sum += loss.crossEntropySum;
    }
    return sum / static_cast<double>(m_targets);
}

double EffectiveBatch::weightedCrossEntropy() const
{
    double sum = 0;
    for (std::size_t i = 0; i < m_losses.size(); ++i) {
        sum += m_factors[i] * m_losses[i].crossEntropySum;
    }
    return sum;
}

double EffectiveBatch::meanDistrustTerm() const
{
    double sum = 0;
    std::int64_t labelled = 0;
    for (const auto& row : m_rows) {
        const auto info = m_documents.info(row.document);
        if (info.labels != data::LabelSource::WeightOne) {
            sum += distrust::term(m_distrust.alpha, distrust::component(info.authority, info.entropy));
            ++labelled;
        }
    }
    return labelled > 0 ? sum / static_cast<double>(labelled) : 0.0;
}

} // namespace dubito::train
