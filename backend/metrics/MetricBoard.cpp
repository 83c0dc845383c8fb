// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/metrics/MetricBoard.h"

#include <algorithm>

namespace dubito::metrics {

void MetricBoard::add(Metric metric, const Sample& sample)
{
    m_histories[static_cast<std::size_t>(metric)].add(sample);
    ++m_revision;
}

void MetricBoard::clear()
{
    std::ranges::for_each(m_histories, &History::clear);
    ++m_revision;
}

std::vector<Series> MetricBoard::series() const
{
    std::vector<Series> all;
    all.reserve(kMetricCount);
    for (std::size_t i = 0; i < kMetricCount; ++i) {
        if (!m_histories[i].empty()) {
            all.push_back({ static_cast<Metric>(i), m_histories[i].buckets(), m_histories[i].latest() });
        }
    }
    return all;
}

void MetricBoard::seriesInto(std::vector<Series>& kept) const
{
    kept.resize(static_cast<std::size_t>(used()));
    std::size_t place = 0;
    for (std::size_t i = 0; i < kMetricCount; ++i) {
        if (!m_histories[i].empty()) {
            kept[place].metric = static_cast<Metric>(i);
            m_histories[i].copyInto(kept[place]);
            ++place;
        }
    }
}

std::int64_t MetricBoard::used() const
{
    return std::ranges::count_if(m_histories, [](const History& history) { return !history.empty(); });
}

double MetricBoard::fill() const
{
    double fullest = 0;
    for (const auto& history : m_histories) {
        fullest = std::max(fullest, history.fill());
    }
    return fullest;
}

std::int64_t MetricBoard::fullBytes()
{
    return static_cast<std::int64_t>(
        kMetricCount * (sizeof(History) + kMaxBuckets * sizeof(Bucket) + kMaxLatest * sizeof(Sample)));
}

} // namespace dubito::metrics
