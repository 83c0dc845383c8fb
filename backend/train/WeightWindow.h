// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/base/Ring.h"
#include "backend/config/Config.h"
#include "backend/data/DocumentStore.h"
#include "backend/train/EffectiveBatch.h"

#include <span>
#include <vector>

namespace dubito::train {

/// What the weights of the newest documents do: how many of them really count, and which source gets the gradient.
class WeightWindow {
public:
    WeightWindow(const data::DocumentStore& documents, config::LossReduction reduction);

    void add(std::span<const EffectiveBatch::Row> rows);
    void clear() { m_rows.clear(); }

    /// (Σw)² / Σw² as a share of the documents, in (0, 1].
    double effectiveSampleShare() const;

    /// By source class of the store; sums to 1 unless nothing has weight. `shares` is resized, not reallocated.
    void classShares(std::vector<double>& shares) const;

private:
    const data::DocumentStore& m_documents;
    config::LossReduction m_reduction;
    Ring<EffectiveBatch::Row> m_rows;
};

} // namespace dubito::train
