// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/memory/PairSlopes.h"

#include "backend/base/Check.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>

namespace dubito::memory {
namespace {

constexpr std::size_t kMost = 16;
constexpr std::size_t kMostPairs = kMost * (kMost - 1) / 2;
constexpr double kOneSided99 = 2.33;
constexpr double kTwoSided95 = 1.96;

/// Plain intervals of correlated values cover half of what they promise; twice the inflation covers it (measured).
constexpr double kIntervalFactor = 2;

class Pairs {
public:
    explicit Pairs(std::span<const double> values)
    {
        for (std::size_t i = 0; i + 1 < values.size(); ++i) {
            for (std::size_t k = i + 1; k < values.size(); ++k) {
                const double rise = values[k] - values[i];
                m_slopes[m_count++] = rise / static_cast<double>(k - i);
                m_hasTies = m_hasTies || rise == 0;
            }
        }
    }

    /// Are there two equal values?
    bool hasTies() const { return m_hasTies; }

    /// The mean of the two middle ones where their number is even. Later selections are cheaper for it.
    double median()
    {
        const double upper = select(m_count / 2);
        return m_count % 2 == 1 ? upper : 0.5 * (upper + *std::max_element(at(0), at(m_count / 2)));
    }

    /// Bounds by Kendall's variance: the ordered slopes at rank (m ∓ z·√V) / 2.
    double lowerBound(double z, double deviation)
    {
        const double rank = std::floor((static_cast<double>(m_count) - z * deviation) / 2) - 1;
        return select(rank <= 0 ? 0 : static_cast<std::size_t>(rank));
    }
    double upperBound(double z, double deviation)
    {
        const double rank = std::ceil((static_cast<double>(m_count) + z * deviation) / 2);
        return select(std::min(static_cast<std::size_t>(rank), m_count - 1));
    }

private:
    std::array<double, kMostPairs>::iterator at(std::size_t rank)
    {
        return m_slopes.begin() + static_cast<std::ptrdiff_t>(rank);
    }

    /// The slope of this rank; looks only between the nearest ranks that are in their places already.
    double select(std::size_t rank)
    {
        std::size_t from = 0;
        std::size_t to = m_count;
        for (std::size_t i = 0; i < m_placedCount; ++i) {
            const std::size_t placed = m_placed[i];
            if (placed == rank) {
                return *at(rank);
            }
            from = placed < rank ? std::max(from, placed + 1) : from;
            to = placed > rank ? std::min(to, placed) : to;
        }
        std::nth_element(at(from), at(rank), at(to));
        m_placed[m_placedCount++] = rank;
        return *at(rank);
    }

    std::array<double, kMostPairs> m_slopes;
    std::size_t m_count = 0;
    std::array<std::size_t, 4> m_placed {}; ///< ranks whose slope is in its place, with no larger one before it
    std::size_t m_placedCount = 0;
    bool m_hasTies = false;
};

/// √V of Kendall's sum, corrected for ties, if there are some.
double kendallDeviation(std::span<const double> values, bool hasTies)
{
    const auto term = [](double n) { return n * (n - 1) * (2 * n + 5); };
    double variance = term(static_cast<double>(values.size()));
    if (hasTies) {
        std::array<double, kMost> sorted {};
        const auto end = std::copy(values.begin(), values.end(), sorted.begin());
        std::sort(sorted.begin(), end);
        for (auto at = sorted.begin(); at != end;) {
            const auto next = std::upper_bound(at, end, *at);
            variance -= term(static_cast<double>(next - at));
            at = next;
        }
    }
    return std::sqrt(std::max(variance, 0.0) / 18);
}

/// How much wider an interval must be when neighbours resemble each other: √((1+ρ)/(1−ρ)) with the lag-1
/// autocorrelation ρ of the residuals, corrected for its bias in short series.
double inflation(std::span<const double> values, double slope)
{
    const auto n = static_cast<double>(values.size());
    double mean = 0;
    for (const double value : values) {
        mean += value / n;
    }
    const auto residual = [&](std::size_t i) {
        return values[i] - mean - slope * (static_cast<double>(i) - (n - 1) / 2);
    };
    double products = 0;
    double squares = 0;
    double previous = 0;
    for (std::size_t i = 0; i < values.size(); ++i) {
        const double now = residual(i);
        products += now * previous;
        squares += now * now;
        previous = now;
    }
    const double rho = std::clamp((squares > 0 ? products / squares : 0.0) + 3 / n, 0.0, 0.9);
    return std::sqrt((1 + rho) / (1 - rho));
}

} // namespace

PairSlopes pairSlopes(std::span<const double> values, Interval interval)
{
    CHECK(values.size() >= 4 && values.size() <= kMost, "pair slopes are for 4 to 16 values");
    if (std::ranges::all_of(values, [&](double value) { return value == values.front(); })) {
        return {};
    }
    Pairs pairs(values);
    PairSlopes line;
    line.slope = pairs.median();
    const double deviation = kendallDeviation(values, pairs.hasTies());
    const double factor = inflation(values, line.slope);
    line.certain = line.slope - factor * (line.slope - pairs.lowerBound(kOneSided99, deviation));
    line.low = line.slope;
    line.high = line.slope;
    if (interval == Interval::Always || line.certain > 0) {
        const double wide = kIntervalFactor * factor;
        line.low -= wide * (line.slope - pairs.lowerBound(kTwoSided95, deviation));
        line.high += wide * (pairs.upperBound(kTwoSided95, deviation) - line.slope);
    }
    if (line.certain <= 0) {
        return line;
    }
    const std::size_t half = values.size() / 2;
    line.firstHalf = Pairs(values.first(half)).median();
    line.secondHalf = Pairs(values.subspan(half)).median();
    return line;
}

double deepestFall(std::span<const double> values)
{
    double highest = values.empty() ? 0 : values.front();
    double fall = 0;
    for (const double value : values) {
        highest = std::max(highest, value);
        fall = std::max(fall, highest - value);
    }
    return fall;
}

} // namespace dubito::memory
