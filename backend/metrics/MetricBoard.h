// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/metrics/History.h"
#include "backend/metrics/Series.h"

#include <array>
#include <cstdint>
#include <vector>

namespace dubito::metrics {

/// One History for each metric of the table: about 3.2 MiB, known at start. Plain value; a Guarded holds it.
class MetricBoard {
public:
    void add(Metric metric, const Sample& sample);
    void clear();

    /// One Series per metric that has samples, in the order of the table.
    std::vector<Series> series() const;

    /// The same into memory that is there: for one who looks often.
    void seriesInto(std::vector<Series>& kept) const;

    /// Grows with every sample.
    std::uint64_t revision() const { return m_revision; }

    /// Metrics that have samples.
    std::int64_t used() const;

    /// Of the fullest history, 0 to 1.
    double fill() const;

    /// What the board holds when every history is full.
    static std::int64_t fullBytes();

private:
    std::array<History, kMetricCount> m_histories;
    std::uint64_t m_revision = 0;
};

} // namespace dubito::metrics
