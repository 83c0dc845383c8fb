// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/metrics/Series.h"

#include <vector>

namespace dubito::metrics {

/// A bucket that begins where the sample stands, and holds nothing yet.
Bucket emptyBucket(const Sample& sample);

/// Takes the sample in: into the extremes and the sum when it is finite, else counted.
void addSample(Bucket& bucket, const Sample& sample);

/// Every two neighbours become one; a last one without a neighbour stays. Extremes survive, nothing is lost in the counts.
void foldInPairs(std::vector<Bucket>& buckets);

} // namespace dubito::metrics
