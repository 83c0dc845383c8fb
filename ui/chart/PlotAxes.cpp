// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/chart/PlotAxes.h"

#include "ui/Format.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>

namespace dubito::ui::chart {

namespace {

constexpr double kPadding = 0.06;
constexpr double kOuterShare = 0.02; // what Reach::Most leaves out on either side
constexpr double kDenser = 0.7; // rather a tick too many than too few
constexpr double kLargest = 1e15; // beyond this no chart says anything

double roundStep(double span, int wanted)
{
    const double raw = span / std::max(wanted, 1);
    const double power = std::pow(10.0, std::floor(std::log10(raw)));
    for (const double factor : { 1.0, 2.0, 2.5, 5.0 }) {
        if (factor * power >= raw * kDenser) {
            return factor * power;
        }
    }
    return 10 * power;
}

int decimalsOf(double step)
{
    for (int decimals = 0; decimals < 9; ++decimals) {
        const double shifted = step * std::pow(10.0, decimals);
        if (std::abs(shifted - std::round(shifted)) < 1e-6 * shifted) {
            return decimals;
        }
    }
    return 9;
}

double timeStep(double span, int wanted)
{
    constexpr std::array kRound { 1.0, 2.0, 5.0, 10.0, 15.0, 30.0, 60.0, 120.0, 300.0, 600.0, 900.0, 1800.0, 3600.0,
        7200.0, 10800.0, 21600.0, 43200.0, 86400.0 };
    const double raw = span / std::max(wanted, 1);
    const auto it = std::ranges::find_if(kRound, [raw](double step) { return step >= raw; });
    return it != kRound.end() ? *it : 86400.0 * roundStep(span / 86400.0, wanted);
}

std::vector<Tick> logTicks(const YRange& range, int wanted)
{
    std::vector<Tick> all;
    const int first = static_cast<int>(std::floor(std::log10(range.from)));
    const int last = static_cast<int>(std::ceil(std::log10(range.to)));
    const bool dense = last - first <= std::max(wanted, 2);
    const int stride = std::max(1, (last - first) / std::max(wanted, 1));
    for (int power = first; power <= last; power += dense ? 1 : stride) {
        for (const double factor : { 1.0, 2.0, 5.0 }) {
            const double value = factor * std::pow(10.0, power);
            if ((factor == 1.0 || dense) && value >= range.from && value <= range.to) {
                all.push_back({ value,
                    std::abs(power) > 5 ? format::compact(value, 2) : format::decimal(value, std::max(0, -power)) });
            }
        }
    }
    return all;
}

/// All but the outer values on either side.
Extent mostOf(std::vector<double>& lows, std::vector<double>& highs)
{
    const auto cut = static_cast<std::ptrdiff_t>(kOuterShare * static_cast<double>(lows.size()));
    std::ranges::nth_element(lows, lows.begin() + cut);
    std::ranges::nth_element(highs, highs.end() - 1 - cut);
    std::optional<Extent> extent;
    reach(extent, *(lows.begin() + cut), *(highs.end() - 1 - cut));
    return *extent;
}

} // namespace

void reach(std::optional<Extent>& extent, double low, double high)
{
    if (!std::isfinite(low) || !std::isfinite(high)) {
        return;
    }
    const double positive = low > 0 ? low : std::max(high, 0.0);
    if (!extent) {
        extent = Extent { low, high, positive };
        return;
    }
    extent->low = std::min(extent->low, low);
    extent->high = std::max(extent->high, high);
    if (positive > 0) {
        extent->smallestPositive
            = extent->smallestPositive > 0 ? std::min(extent->smallestPositive, positive) : positive;
    }
}

std::optional<Extent> extentOf(const Track& track, const View& view)
{
    std::optional<Extent> extent;
    std::vector<double> lows;
    std::vector<double> highs;
    for (const TrackPoint& point : track.points) {
        const double x = point.x(view.unit);
        if (point.samples == 0 || x < view.range.from || x > view.range.to || track.reach == Reach::Nothing) {
            continue;
        }
        reach(extent, point.low, point.high);
        lows.push_back(point.low);
        highs.push_back(point.high);
    }
    return extent && track.reach == Reach::Most ? mostOf(lows, highs) : extent;
}

YRange paddedRange(const std::optional<Extent>& extent, Scale scale)
{
    if (!extent) {
        return scale == Scale::Log ? YRange { 0.1, 10 } : YRange { 0, 1 };
    }
    const double low = std::clamp(extent->low, -kLargest, kLargest);
    const double high = std::clamp(extent->high, -kLargest, kLargest);
    if (scale == Scale::Log) {
        if (!(extent->smallestPositive > 0)) {
            return { 0.1, 10 };
        }
        const double from = std::max(extent->smallestPositive, 1e-12);
        const double to = std::max(high, from);
        const double room = std::max(std::pow(to / from, kPadding), 1.05);
        return { from / room, to * room };
    }
    const double size = std::max(std::abs(low), std::abs(high));
    // A flat line is the good case: it gets room of a tenth of its value, or of one where it is zero.
    const double flat = size > 0 ? size * 0.05 : 0.5;
    const double span = high - low;
    const double room = span > size * 1e-3 ? span * kPadding : flat;
    return { low - room, high + room };
}

YAxis::YAxis(YRange range, Scale scale)
    : m_range(range)
    , m_scale(scale)
    , m_from(scale == Scale::Log ? std::log10(range.from) : range.from)
    , m_to(scale == Scale::Log ? std::log10(range.to) : range.to)
{
}

double YAxis::at(double value) const
{
    if (m_scale == Scale::Log && !(value > 0)) {
        return -0.5;
    }
    const double place = m_scale == Scale::Log ? std::log10(value) : value;
    // Far outside is as good as outside, and keeps paths within what a painter can hold.
    return std::clamp((place - m_from) / (m_to - m_from), -50.0, 50.0);
}

std::vector<Tick> ticks(const YAxis& axis, int wanted)
{
    const YRange& range = axis.range();
    if (axis.scale() == Scale::Log) {
        auto decades = logTicks(range, wanted);
        if (decades.size() >= 3) {
            return decades;
        }
        // Less than a decade: 1, 2 and 5 are too few, and round steps are all above zero.
    }
    const double step = roundStep(range.to - range.from, wanted);
    const int decimals = decimalsOf(step);
    std::vector<Tick> all;
    const double first = std::ceil(range.from / step - 1e-9);
    for (double index = first; index * step <= range.to + step * 1e-9 && all.size() < 64; ++index) {
        all.push_back({ index * step, format::decimal(index * step, decimals) });
    }
    return all;
}

std::vector<Tick> xTicks(XUnit unit, const XRange& range, int wanted)
{
    const double step
        = unit == XUnit::Time ? timeStep(range.span(), wanted) : std::max(1.0, roundStep(range.span(), wanted));
    std::vector<Tick> all;
    for (double index = std::ceil(range.from / step - 1e-9); index * step <= range.to && all.size() < 64; ++index) {
        all.push_back({ index * step, xText(unit, index * step) });
    }
    return all;
}

QString xText(XUnit unit, double x)
{
    const double bounded = std::clamp(x, -kLargest, kLargest);
    return unit == XUnit::Time ? format::duration(std::chrono::milliseconds(std::llround(bounded * 1000)))
                               : format::count(std::llround(bounded));
}

double grownEnd(double newest)
{
    if (!(newest > 0)) {
        return 50;
    }
    // Jumps of a tenth of the leading power of two: at most seven in each doubling of the run.
    const double power = std::pow(2.0, std::floor(std::log2(newest)));
    const double jump = std::max(power / 10, 1.0);
    return std::max(50.0, std::ceil(newest * 1.1 / jump) * jump);
}

} // namespace dubito::ui::chart
