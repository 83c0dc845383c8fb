// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <span>

namespace dubito::memory {

/// A straight line through few values, told robustly: in units of the values per index.
struct PairSlopes {
    double slope = 0; ///< median of all pair slopes (Theil 1950, Sen 1968)
    double certain = 0; ///< lower bound, one-sided 99 %, widened for autocorrelation
    double low = 0; ///< 95 %, widened twice over for autocorrelation
    double high = 0;
    double firstHalf = 0; ///< median slope of the older half alone; 0 where nothing is certain to climb
    double secondHalf = 0;
};

/// Whether the 95 % interval is wanted where nothing is certain to climb: it is a third of the work.
enum class Interval : std::uint8_t { Always, WhenCertain };

/// Requires: 4 to 16 values, oldest first. No heap; one to two microseconds for 16. Where no interval is wanted, low and
/// high are the slope.
PairSlopes pairSlopes(std::span<const double> values, Interval interval = Interval::Always);

/// The deepest fall from any value to any later one; 0 when they never fall.
double deepestFall(std::span<const double> values);

} // namespace dubito::memory
