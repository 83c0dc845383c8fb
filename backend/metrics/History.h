// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/base/Ring.h"
#include "backend/metrics/Series.h"

#include <vector>

namespace dubito::metrics {

/// The whole run of one metric in a fixed size: buckets that fold in pairs when they are full, and beside them the
/// newest kMaxLatest samples raw.
///
/// Extremes survive every fold; NaN and infinities are counted, never folded into a sum. O(1) amortised per sample.
class History {
public:
    History();

    void add(const Sample& sample);

    /// Forgets everything: a new run begins.
    void clear();

    std::vector<Bucket> buckets() const { return m_buckets; }
    std::vector<Sample> latest() const { return m_latest.toVector(); }

    /// Both into `kept`, which takes the room of a full history at its first call and none after that.
    void copyInto(Series& kept) const;

    bool empty() const { return m_latest.empty(); }

    /// 0 to 1: how much of the fixed size is in use.
    double fill() const { return static_cast<double>(m_buckets.size()) / static_cast<double>(kMaxBuckets); }

private:
    void fold();

    std::vector<Bucket> m_buckets; ///< at most kMaxBuckets; the last one is still open
    std::int64_t m_samplesPerBucket = 1;
    Ring<Sample> m_latest;
};

} // namespace dubito::metrics
