// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/chart/Gaps.h"

#include <algorithm>
#include <functional>

namespace dubito::ui::chart {

namespace {

struct Gap {
    std::ptrdiff_t begin; ///< places [begin, end) of the points that are not known; none when it lies between two folded ones
    std::ptrdiff_t end;
    double width; ///< between the known points beside it
};

/// Two folded points between which more is not known than known: a gap that begins in the one and ends in the other.
bool isAcross(const TrackPoint& left, const TrackPoint& right)
{
    return left.nonFinite > 0 && right.nonFinite > 0
        && left.nonFinite + right.nonFinite > left.samples + right.samples;
}

/// Stretches without a value between two with one, as far as they can be seen: in the view, and a pixel column wide.
/// Of more than can be drawn apart the widest.
std::vector<Gap> gapsOf(std::span<const TrackPoint> points, const View& view)
{
    const double column = view.range.span() / std::max(1, view.columns);
    std::vector<Gap> gaps;
    std::ptrdiff_t known = -1; // the newest with a value
    for (std::ptrdiff_t i = 0; i < std::ssize(points); ++i) {
        const TrackPoint& point = points[static_cast<std::size_t>(i)];
        if (point.samples == 0) {
            continue;
        }
        if (known >= 0) {
            const TrackPoint& before = points[static_cast<std::size_t>(known)];
            const double from = before.x(view.unit);
            const double to = point.x(view.unit);
            const bool isSeen = to - from >= column && to > view.range.from && from < view.range.to;
            if (isSeen && (i > known + 1 || isAcross(before, point))) {
                gaps.push_back({ known + 1, i, to - from });
            }
        }
        known = i;
    }
    if (std::ssize(gaps) > kMostRuns - 1) {
        std::ranges::nth_element(gaps, gaps.begin() + kMostRuns - 1, std::greater(), &Gap::width);
        gaps.resize(kMostRuns - 1);
        std::ranges::sort(gaps, {}, &Gap::begin);
    }
    return gaps;
}

} // namespace

std::vector<std::span<const TrackPoint>> runsOf(const Track& track, const View& view)
{
    const std::span<const TrackPoint> all(track.points);
    std::vector<std::span<const TrackPoint>> runs;
    auto begin = all.begin();
    if (!track.marksNonFinite) {
        for (const Gap& gap : gapsOf(all, view)) {
            runs.emplace_back(begin, all.begin() + gap.begin);
            begin = all.begin() + gap.end;
        }
    }
    runs.emplace_back(begin, all.end());
    return runs;
}

} // namespace dubito::ui::chart
