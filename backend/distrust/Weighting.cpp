// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/distrust/Weighting.h"

#include "backend/base/Check.h"
#include "backend/distrust/DistrustTerm.h"

#include <algorithm>
#include <cmath>

namespace dubito::distrust {

const std::array<WeightingRow, kWeightingCount>& weightingTable()
{
    using config::Distrust;
    using config::WeightingMode;
    static constexpr std::array<WeightingRow, kWeightingCount> kTable { {
        { WeightingMode::Monotone, "monotone", "exp(0.388651 * c)", Reach::Gradient,
            [](double c, const Distrust&) { return std::exp(monotoneSlope() * c); } },
        { WeightingMode::Published, "published", "alpha * c^2", Reach::Gradient,
            [](double c, const Distrust& rules) { return term(rules.alpha, c); } },
        { WeightingMode::Affine, "affine", "1 + lambda * alpha * c^2", Reach::Gradient,
            [](double c, const Distrust& rules) { return 1 + rules.lambda * term(rules.alpha, c); } },
        { WeightingMode::Hinge, "hinge", "floor + alpha * max(0, c)^2", Reach::Gradient,
            [](double c, const Distrust& rules) { return rules.hingeFloor + term(rules.alpha, std::max(0.0, c)); } },
        { WeightingMode::Additive, "additive", "1; lambda * mean(alpha * c^2) is added to the reported loss",
            Reach::ReportOnly, [](double, const Distrust&) { return 1.0; } },
    } };
    return kTable;
}

const WeightingRow& weightingRow(config::WeightingMode mode)
{
    const auto row = std::ranges::find(weightingTable(), mode, &WeightingRow::mode);
    CHECK(row != weightingTable().end(), "a weighting is missing from the table");
    return *row;
}

double monotoneSlope()
{
    static const double slope = std::log(30.0) / (component(0.05, 7.5) - component(0.90, 1.0));
    return slope;
}

double weightOf(double c, const config::Distrust& rules)
{
    return std::clamp(weightingRow(rules.weighting).weight(c, rules), 0.0, kLargestWeight);
}

} // namespace dubito::distrust
