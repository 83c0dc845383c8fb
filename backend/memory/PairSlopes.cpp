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
                m_slopes[m_count++] = (values[k] - values[i]) / static_cast<double>(k - i);
            }
        }
    }

    double median()
    {
        const std::size_t middle = m_count / 2;
        const double upper = select(middle);
        if (m_count % 2 == 1) {
            return upper;
        }
        const auto end = m_slopes.begin() + static_cast<std::ptrdiff_t>(middle);
        return 0.5 * (upper + *std::max_element(m_slopes.begin(), end));
    }

    void sort() { std::sort(m_slopes.begin(), m_slopes.begin() + static_cast<std::ptrdiff_t>(m_count)); }

    double sortedMedian() const { return 0.5 * (m_slopes[(m_count - 1) / 2] + m_slopes[m_count / 2]); }

    /// Bounds by Kendall's variance: the ordered slopes at rank (m ∓ z·√V) / 2. Requires: sorted.
    double lowerBound(double z, double deviation) const
    {
        const double rank = std::floor((static_cast<double>(m_count) - z * deviation) / 2) - 1;
        return m_slopes[rank <= 0 ? 0 : static_cast<std::size_t>(rank)];
    }
    double upperBound(double z, double deviation) const
    {
        const double rank = std::ceil((static_cast<double>(m_count) + z * deviation) / 2);
        return m_slopes[std::min(static_cast<std::size_t>(rank), m_count - 1)];
    }

private:
    double select(std::size_t rank)
    {
        const auto at = m_slopes.begin() + static_cast<std::ptrdiff_t>(rank);
        std::nth_element(m_slopes.begin(), at, m_slopes.begin() + static_cast<std::ptrdiff_t>(m_count));
        return *at;
    }

    std::array<double, kMostPairs> m_slopes;
    std::size_t m_count = 0;
};

/// √V of Kendall's sum, corrected for ties.
double kendallDeviation(std::span<const double> values)
{
    std::array<double, kMost> sorted {};
    const auto end = std::copy(values.begin(), values.end(), sorted.begin());
    std::sort(sorted.begin(), end);
    const auto term = [](double n) { return n * (n - 1) * (2 * n + 5); };
    double variance = term(static_cast<double>(values.size()));
    for (auto at = sorted.begin(); at != end;) {
        const auto next = std::upper_bound(at, end, *at);
        variance -= term(static_cast<double>(next - at));
        at = next;
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

PairSlopes pairSlopes(std::span<const double> values)
{
    CHECK(values.size() >= 4 && values.size() <= kMost, "pair slopes are for 4 to 16 values");
    if (std::ranges::all_of(values, [&](double value) { return value == values.front(); })) {
        return {};
    }
    Pairs pairs(values);
    pairs.sort();
    PairSlopes line;
    line.slope = pairs.sortedMedian();
    const double deviation = kendallDeviation(values);
    const double factor = inflation(values, line.slope);
    line.certain = line.slope - factor * (line.slope - pairs.lowerBound(kOneSided99, deviation));
    const double wide = kIntervalFactor * factor;
    line.low = line.slope - wide * (line.slope - pairs.lowerBound(kTwoSided95, deviation));
    line.high = line.slope + wide * (pairs.upperBound(kTwoSided95, deviation) - line.slope);
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
