// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/config/Config.h"
#include "backend/data/BatchSampler.h"
#include "backend/data/DocumentStore.h"
#include "backend/model/LanguageModel.h"

#include <cstdint>
#include <span>
#include <vector>

namespace dubito::train {

/// All documents of one optimizer step, cut into micro-batches, with the factor that each one's cross-entropy gets.
///
/// The factors need the number of targets of the whole step, so all micro-batches are cut before the first is used.
/// Vectors keep their capacity from step to step, so that cutting allocates nothing in the steady state.
class EffectiveBatch {
public:
    EffectiveBatch(const data::DocumentStore& documents, const data::SamplerOptions& options,
        const config::Distrust& distrust, config::LossReduction reduction);

    /// Cuts `accumulate` micro-batches of `rows` documents from the cursor on.
    void cut(const data::Cursor& from, std::int64_t rows, std::int64_t accumulate);

    std::int64_t microBatches() const { return static_cast<std::int64_t>(m_batches.size()); }
    model::TokenBatch tokens(std::int64_t micro) const;
    std::span<const float> coefficients(std::int64_t micro) const;

    /// Where the cross-entropies of a micro-batch go.
    std::span<model::SequenceLoss> losses(std::int64_t micro);

    /// Where the sampler goes on once the step is done.
    data::Cursor next() const { return m_batches.back().next; }

    // The whole step; losses() must be filled.
    std::int64_t targets() const { return m_targets; }
    double crossEntropy() const;
    double weightedCrossEntropy() const;
    double meanDistrustTerm() const;

    struct Row {
        std::int64_t document = 0;
        std::int64_t targets = 0;
        double weight = 1;
    };
    std::span<const Row> rows() const { return m_rows; }

private:
    void collectRows();
    void setCoefficients();

    const data::DocumentStore& m_documents;
    data::BatchSampler m_sampler;
    config::Distrust m_distrust;
    config::LossReduction m_reduction;
    std::vector<data::Batch> m_batches;
    std::vector<std::vector<std::int64_t>> m_lengths;
    std::vector<Row> m_rows;
    std::vector<double> m_factors; ///< one per row, in double
    std::vector<float> m_coefficients;
    std::vector<model::SequenceLoss> m_losses;
    std::int64_t m_targets = 0;
    std::int64_t m_rowsPerBatch = 0;
};

} // namespace dubito::train
