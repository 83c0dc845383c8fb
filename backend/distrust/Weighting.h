// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/config/Config.h"

#include <array>
#include <cstdint>
#include <string_view>

/// From a document's component c to the weight of its cross-entropy: the table of five.
namespace dubito::distrust {

/// Does the weighting reach the parameters, or only the printed loss?
enum class Reach : std::uint8_t { Gradient, ReportOnly };

struct WeightingRow {
    config::WeightingMode mode;
    std::string_view word; ///< as in the configuration
    std::string_view formula; ///< for people
    Reach reach;
    double (*weight)(double c, const config::Distrust& rules);
};

inline constexpr std::size_t kWeightingCount = 5;
const std::array<WeightingRow, kWeightingCount>& weightingTable();
const WeightingRow& weightingRow(config::WeightingMode mode);

/// No weight is larger, so that absurd labels cannot make sums infinite.
inline constexpr double kLargestWeight = 1e30;

/// The slope of the monotone weighting, 0.388651: it makes exactly 30:1 of the two published reference documents,
/// (authority 0.05, entropy 7.5) and (0.90, 1.0).
double monotoneSlope();

/// Finite and >= 0 for every component of valid labels. Not yet divided by the mean.
double weightOf(double c, const config::Distrust& rules);

} // namespace dubito::distrust
