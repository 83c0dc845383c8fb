// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/config/Config.h"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace dubito::distrust {

/// One document as the report sees it.
struct WeightedDocument {
    double weight = 1;
    double c = 0; ///< component of its labels; 0 without labels
    std::int64_t targets = 1;
    std::int64_t sourceClass = 0; ///< small index, as DocumentStore gives it
};

struct ClassShare {
    std::int64_t sourceClass = 0;
    std::int64_t documents = 0;
    double share = 0; ///< of the gradient weight of all documents, in [0, 1]
};

/// (sum w)^2 / sum w^2 as a share of the documents, in (0, 1]: 1 when all weights are equal, and when there is none.
double effectiveSampleShare(std::span<const double> weights);

/// What the weights do to a split: how many documents really count, and who gets the gradient.
///
/// Sums of fixed size, plus one row per source class (the caller bounds their number). The shares follow the loss
/// reduction: by targets (`token`) or by documents (`sample`). Scaling all weights changes nothing here.
class WeightReport {
public:
    explicit WeightReport(config::LossReduction reduction) : m_reduction(reduction) { }

    void add(const WeightedDocument& document);

    std::int64_t documents() const { return m_documents; }

    /// In (0, 1]; warn below config distrust.ess_warning.
    double effectiveSampleShare() const;

    /// Documents with c < 0, where the published term grows again as the source gets worse.
    std::int64_t belowZero() const { return m_belowZero; }

    /// By class index; shares sum to 1 unless nothing has weight.
    std::vector<ClassShare> shares() const;

private:
    config::LossReduction m_reduction;
    std::int64_t m_documents = 0;
    std::int64_t m_belowZero = 0;
    double m_sum = 0;
    double m_squares = 0;
    std::vector<ClassShare> m_classes; ///< `share` holds the sum until it is asked for
};

} // namespace dubito::distrust
