// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/base/Proportion.h"

#include <algorithm>
#include <cmath>

namespace dubito {

namespace {

/// The normal distribution has 95 % of its weight within so many deviations.
constexpr double kDeviations = 1.959963984540054;

} // namespace

double Proportion::share() const
{
    return trials > 0 ? static_cast<double>(successes) / static_cast<double>(trials) : 0.0;
}

Proportion::Interval Proportion::interval() const
{
    if (trials <= 0) {
        return {};
    }
    const auto n = static_cast<double>(trials);
    const double p = share();
    const double z2 = kDeviations * kDeviations;
    const double middle = (p + z2 / (2 * n)) / (1 + z2 / n);
    const double half = kDeviations / (1 + z2 / n) * std::sqrt(p * (1 - p) / n + z2 / (4 * n * n));
    return { std::max(0.0, middle - half), std::min(1.0, middle + half) };
}

} // namespace dubito
