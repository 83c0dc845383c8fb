// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace dubito::distrust {

/// The exact mean of all weights of a split, in one pass: a compensated sum (Neumaier), so that neither order nor size of
/// the corpus shows in the result.
///
/// weight * factor() + offset() has mean 1. When every weight is 0, or there is none, this makes each weight 1; the
/// caller must say so aloud (isAllZero). Weights below 1e-15 of the unit count as 0: they are rounding, not judgement.
class WeightMean {
public:
    /// Requires: finite, >= 0.
    void add(double weight);

    std::int64_t count() const { return m_count; }
    double sum() const { return m_sum + m_lost; }
    double mean() const;

    bool isAllZero() const { return m_largest <= kNothing; }
    double factor() const { return isAllZero() ? 0.0 : 1.0 / mean(); }
    double offset() const { return isAllZero() ? 1.0 : 0.0; }

private:
    static constexpr double kNothing = 1e-15;

    std::int64_t m_count = 0;
    double m_sum = 0;
    double m_lost = 0; ///< what the sum could not hold
    double m_largest = 0;
};

/// Weights divided by their own mean, for `distrust.normalise: batch`; all 1 when all are 0.
std::vector<double> normalisedByMean(std::span<const double> weights);

} // namespace dubito::distrust
