// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/metrics/History.h"

#include <algorithm>
#include <cmath>

namespace dubito::metrics {

namespace {

void addTo(Bucket& bucket, const Sample& sample)
{
    bucket.lastStep = sample.step;
    bucket.lastTime = sample.time;
    if (!std::isfinite(sample.value)) {
        ++bucket.nonFinite;
        return;
    }
    bucket.minimum = bucket.samples > 0 ? std::min(bucket.minimum, sample.value) : sample.value;
    bucket.maximum = bucket.samples > 0 ? std::max(bucket.maximum, sample.value) : sample.value;
    bucket.sum += sample.value;
    ++bucket.samples;
}

Bucket joined(const Bucket& a, const Bucket& b)
{
    Bucket both = a;
    both.lastStep = b.lastStep;
    both.lastTime = b.lastTime;
    both.nonFinite += b.nonFinite;
    if (b.samples > 0) {
        both.minimum = a.samples > 0 ? std::min(a.minimum, b.minimum) : b.minimum;
        both.maximum = a.samples > 0 ? std::max(a.maximum, b.maximum) : b.maximum;
        both.sum += b.sum;
        both.samples += b.samples;
    }
    return both;
}

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
        m_buckets.push_back({ .firstStep = sample.step, .lastStep = sample.step, .firstTime = sample.time,
            .lastTime = sample.time, .minimum = 0, .maximum = 0, .sum = 0, .samples = 0, .nonFinite = 0 });
    }
    addTo(m_buckets.back(), sample);
}

void History::fold()
{
    for (std::size_t i = 0; i < kMaxBuckets / 2; ++i) {
        m_buckets[i] = joined(m_buckets[2 * i], m_buckets[2 * i + 1]);
    }
    m_buckets.resize(kMaxBuckets / 2);
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
