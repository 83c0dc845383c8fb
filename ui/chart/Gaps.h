// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/chart/Decimate.h"
#include "ui/chart/Track.h"

#include <cstddef>
#include <span>
#include <vector>

namespace dubito::ui::chart {

/// Each stretch is a curve of its own, and curves are dear.
inline constexpr std::ptrdiff_t kMostRuns = 64;

/// The stretches of a track between its gaps, in their order, at most kMostRuns: each may be drawn as one line.
///
/// A gap is a stretch without a value between two with one, in the view and at least a pixel column wide; if there are too
/// many, the widest are kept. A track that marks what is not finite has none: its line goes on below the mark.
std::vector<std::span<const TrackPoint>> runsOf(const Track& track, const View& view);

} // namespace dubito::ui::chart
