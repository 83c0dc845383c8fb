// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/base/Error.h"

#include <cmath>
#include <span>
#include <vector>

/// The Empirical Distrust term as published: c = ln(1 - authority + 1e-8) + entropy, L = alpha * c^2.
///
/// It depends on labels alone: added to a loss it moves the printed number and no gradient (Weighting makes it act).
namespace dubito::distrust {

inline constexpr double kLargestAuthority = 0.99; ///< inclusive; the smallest is 0
inline constexpr double kEpsilon = 1e-8;
inline constexpr double kSmallestAlpha = 2.3; ///< the published range, inclusive
inline constexpr double kLargestAlpha = 3.0;

/// c. Requires: labels that validateLabels() takes.
template <typename Scalar>
Scalar component(Scalar authority, Scalar entropy)
{
    return std::log(Scalar { 1 } - authority + static_cast<Scalar>(kEpsilon)) + entropy;
}

/// L of a component.
template <typename Scalar>
Scalar term(Scalar alpha, Scalar c)
{
    return alpha * c * c;
}

/// The derivatives of L by its labels, for those who study it; no parameter of a model is among them.
struct TermSlope {
    double byAuthority = 0;
    double byEntropy = 0;
};

TermSlope termSlope(double authority, double entropy, double alpha);

/// Success when authority is in [0, 0.99] and entropy is finite and >= 0; else a sentence with the number.
Result<void> validateLabels(double authority, double entropy);

/// Success when alpha is in the published range [2.3, 3.0].
Result<void> validateAlpha(double alpha);

/// L of one document, checked.
Result<double> checkedTerm(double authority, double entropy, double alpha);

/// L of each document, checked: refused when the lengths differ, when there is none, or when one label is bad.
Result<std::vector<double>> checkedTerms(
    std::span<const double> authorities, std::span<const double> entropies, double alpha);

} // namespace dubito::distrust
