// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/train/WeightWindow.h"

#include "backend/train/StepResult.h"

namespace dubito::train {

WeightWindow::WeightWindow(const data::DocumentStore& documents, config::LossReduction reduction)
    : m_documents(documents)
    , m_reduction(reduction)
    , m_rows(static_cast<std::size_t>(kWeightWindow))
{
}

void WeightWindow::add(std::span<const EffectiveBatch::Row> rows)
{
    for (const auto& row : rows) {
        m_rows.push(row);
    }
}

double WeightWindow::effectiveSampleShare() const
{
    double sum = 0;
    double squares = 0;
    for (std::size_t i = 0; i < m_rows.size(); ++i) {
        sum += m_rows[i].weight;
        squares += m_rows[i].weight * m_rows[i].weight;
    }
    return squares > 0 ? sum * sum / squares / static_cast<double>(m_rows.size()) : 1.0;
}

void WeightWindow::classShares(std::vector<double>& shares) const
{
    shares.assign(m_documents.sourceClasses().size(), 0.0);
    double total = 0;
    for (std::size_t i = 0; i < m_rows.size(); ++i) {
        const auto& row = m_rows[i];
        const double part
            = row.weight * (m_reduction == config::LossReduction::Token ? static_cast<double>(row.targets) : 1.0);
        shares[static_cast<std::size_t>(m_documents.info(row.document).sourceClass)] += part;
        total += part;
    }
    for (double& share : shares) {
        share = total > 0 ? share / total : 0.0;
    }
}

} // namespace dubito::train
