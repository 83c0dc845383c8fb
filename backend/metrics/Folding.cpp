// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/metrics/Folding.h"

#include <algorithm>
#include <cmath>

namespace dubito::metrics {

namespace {

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

} // namespace

Bucket emptyBucket(const Sample& sample)
{
    return { .firstStep = sample.step, .lastStep = sample.step, .firstTime = sample.time, .lastTime = sample.time };
}

void addSample(Bucket& bucket, const Sample& sample)
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

void foldInPairs(std::vector<Bucket>& buckets)
{
    const std::size_t pairs = buckets.size() / 2;
    for (std::size_t i = 0; i < pairs; ++i) {
        buckets[i] = joined(buckets[2 * i], buckets[2 * i + 1]);
    }
    if (buckets.size() % 2 != 0) {
        buckets[pairs] = buckets.back();
    }
    buckets.resize(buckets.size() - pairs);
}

} // namespace dubito::metrics
