// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/distrust/WeightMean.h"

#include "backend/base/Check.h"

#include <algorithm>
#include <cmath>

namespace dubito::distrust {

void WeightMean::add(double weight)
{
    CHECK(std::isfinite(weight) && weight >= 0, "a weight must be finite and not negative");
    // Neumaier 1974: whichever of the two is smaller lost its low digits.
    const double sum = m_sum + weight;
    m_lost += m_sum >= weight ? (m_sum - sum) + weight : (weight - sum) + m_sum;
    m_sum = sum;
    m_largest = std::max(m_largest, weight);
    ++m_count;
}

double WeightMean::mean() const { return m_count == 0 ? 0 : sum() / static_cast<double>(m_count); }

std::vector<double> normalisedByMean(std::span<const double> weights)
{
    WeightMean mean;
    for (const double weight : weights) {
        mean.add(weight);
    }
    std::vector<double> normalised;
    normalised.reserve(weights.size());
    for (const double weight : weights) {
        normalised.push_back(weight * mean.factor() + mean.offset());
    }
    return normalised;
}

} // namespace dubito::distrust
