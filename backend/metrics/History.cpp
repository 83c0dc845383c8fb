// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/metrics/History.h"

#include "backend/metrics/Folding.h"

namespace dubito::metrics {

namespace {

/// All at once and touched: a copy that grows with its history would look like a leak.
template <typename T>
void takeRoom(std::vector<T>& values, std::size_t count)
{
    if (values.capacity() < count) {
        values.resize(count);
    }
}

} // namespace

History::History() : m_latest(kMaxLatest)
{
    // Every page is touched now: a history that fills over the first thousand steps would look like a leak.
    m_buckets.resize(kMaxBuckets);
    for (std::size_t i = 0; i < kMaxLatest; ++i) {
        m_latest.push({});
    }
    clear();
}

void History::add(const Sample& sample)
{
    m_latest.push(sample);
    const bool isOpen
        = !m_buckets.empty() && m_buckets.back().samples + m_buckets.back().nonFinite < m_samplesPerBucket;
    if (!isOpen) {
        if (m_buckets.size() == kMaxBuckets) {
            fold();
        }
        m_buckets.push_back(emptyBucket(sample));
    }
    addSample(m_buckets.back(), sample);
}

void History::fold()
{
    foldInPairs(m_buckets);
    m_samplesPerBucket *= 2;
}

void History::clear()
{
    m_buckets.clear();
    m_samplesPerBucket = 1;
    m_latest.clear();
}

void History::copyInto(Series& kept) const
{
    takeRoom(kept.buckets, kMaxBuckets);
    takeRoom(kept.latest, kMaxLatest);
    kept.buckets = m_buckets;
    m_latest.copyInto(kept.latest);
}

} // namespace dubito::metrics
