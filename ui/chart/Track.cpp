// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/chart/Track.h"

#include <algorithm>
#include <chrono>
#include <cmath>

namespace dubito::ui::chart {

namespace {

double toSeconds(std::chrono::milliseconds time) { return std::chrono::duration<double>(time).count(); }

TrackPoint fromBucket(const metrics::Bucket& bucket, double scale)
{
    // A stretch of steps stands at its middle, so that neighbours keep their distance.
    return { .step = bucket.firstStep + (bucket.lastStep - bucket.firstStep) / 2,
        .seconds = (toSeconds(bucket.firstTime) + toSeconds(bucket.lastTime)) / 2,
        .low = bucket.minimum * scale,
        .high = bucket.maximum * scale,
        .mean = bucket.mean() * scale,
        .samples = bucket.samples,
        .nonFinite = bucket.nonFinite };
}

TrackPoint fromSample(const metrics::Sample& sample, double scale)
{
    const double value = sample.value * scale;
    const bool known = std::isfinite(value);
    return { .step = sample.step,
        .seconds = toSeconds(sample.time),
        .low = known ? value : 0,
        .high = known ? value : 0,
        .mean = known ? value : 0,
        .samples = known ? 1 : 0,
        .nonFinite = known ? 0 : 1 };
}

/// Buckets come over a border: one with a broken number counts as not finite instead of reaching a chart.
TrackPoint checked(TrackPoint point)
{
    if (point.samples > 0 && !(std::isfinite(point.low) && std::isfinite(point.high) && std::isfinite(point.mean))) {
        point.nonFinite += point.samples;
        point.samples = 0;
    }
    if (point.samples <= 0) {
        point.samples = 0;
        point.low = point.high = point.mean = 0;
    }
    return point;
}

/// Room for a full history, touched: as the histories fill, neither the size of the blocks nor the resident memory grows.
std::vector<TrackPoint> roomForPoints()
{
    std::vector<TrackPoint> points(metrics::kMaxBuckets + metrics::kMaxLatest);
    points.clear();
    return points;
}

bool byStep(const TrackPoint& point, std::int64_t step) { return point.step < step; }

} // namespace

std::vector<TrackPoint> toPoints(const metrics::Series& series, double scale)
{
    auto points = roomForPoints();
    const bool hasLatest = !series.latest.empty();
    for (const auto& bucket : series.buckets) {
        if (hasLatest && bucket.lastStep >= series.latest.front().step) {
            // What lies wholly in the raw part is drawn raw; the one across the seam is drawn up to the seam.
            if (bucket.firstStep >= series.latest.front().step) {
                break;
            }
            TrackPoint seam = checked(fromBucket(bucket, scale));
            seam.step = std::min(seam.step, series.latest.front().step - 1);
            seam.seconds = std::min(seam.seconds, toSeconds(series.latest.front().time));
            points.push_back(seam);
            break;
        }
        points.push_back(checked(fromBucket(bucket, scale)));
    }
    for (const auto& sample : series.latest) {
        points.push_back(fromSample(sample, scale));
    }
    return points;
}

const metrics::Series* find(std::span<const metrics::Series> all, metrics::Metric metric)
{
    const auto it = std::ranges::find(all, metric, &metrics::Series::metric);
    return it == all.end() ? nullptr : &*it;
}

std::vector<TrackPoint> pointsOf(std::span<const metrics::Series> all, metrics::Metric metric, double scale)
{
    const metrics::Series* series = find(all, metric);
    return series == nullptr ? std::vector<TrackPoint> {} : toPoints(*series, scale);
}

std::vector<TrackPoint> between(std::span<const TrackPoint> lower, std::span<const TrackPoint> upper)
{
    auto band = roomForPoints();
    auto other = upper.begin();
    for (const TrackPoint& from : lower) {
        other = std::lower_bound(other, upper.end(), from.step, byStep);
        if (other == upper.end()) {
            break;
        }
        TrackPoint point = from;
        if (other->step != from.step || other->samples == 0 || from.samples == 0) {
            point.low = point.high = point.mean = 0;
            point.samples = 0;
            point.nonFinite = 1;
            band.push_back(point);
            continue;
        }
        point.high = std::max(other->high, from.low);
        point.mean = (from.mean + other->mean) / 2;
        band.push_back(point);
    }
    return band;
}

void stackUp(std::span<std::vector<TrackPoint>> layers)
{
    if (layers.empty()) {
        return;
    }
    const auto fullest = std::ranges::max_element(layers, {}, [](const auto& layer) { return layer.size(); });
    const std::vector<TrackPoint> frame = *fullest; // every layer gets a point at each of these steps
    std::vector<double> floor(frame.size(), 0.0);
    for (auto& layer : layers) {
        auto lifted = roomForPoints();
        lifted = frame;
        auto source = layer.begin();
        double last = 0;
        for (std::size_t i = 0; i < frame.size(); ++i) {
            for (; source != layer.end() && source->step <= frame[i].step; ++source) {
                last = source->samples > 0 ? source->mean : last;
            }
            lifted[i].low = floor[i];
            lifted[i].mean = last;
            floor[i] += last;
            lifted[i].high = floor[i];
            lifted[i].samples = 1;
            lifted[i].nonFinite = 0;
        }
        layer = std::move(lifted);
    }
}

std::vector<TrackPoint> smoothed(std::span<const TrackPoint> points, double factor)
{
    auto smooth = roomForPoints();
    const double keep = std::clamp(factor, 0.0, 0.9999);
    double sum = 0;
    double weight = 0;
    for (const TrackPoint& point : points) {
        if (point.samples == 0) {
            continue;
        }
        const double past = point.samples == 1 ? keep : std::pow(keep, static_cast<double>(point.samples));
        sum = past * sum + (1 - past) * point.mean;
        weight = past * weight + (1 - past);
        TrackPoint next = point;
        next.mean = next.low = next.high = sum / weight;
        next.nonFinite = 0;
        smooth.push_back(next);
    }
    return smooth;
}

std::optional<TrackPoint> pointAt(std::span<const TrackPoint> points, XUnit unit, double x)
{
    if (points.empty() || x < points.front().x(unit) || x > points.back().x(unit)) {
        return std::nullopt;
    }
    auto after = std::ranges::lower_bound(points, x, {}, [unit](const TrackPoint& point) { return point.x(unit); });
    if (after != points.begin() && (after == points.end() || after->x(unit) - x > x - std::prev(after)->x(unit))) {
        --after;
    }
    return after->samples > 0 ? std::optional(*after) : std::nullopt;
}

std::optional<TrackPoint> newest(std::span<const TrackPoint> points)
{
    for (auto it = points.rbegin(); it != points.rend(); ++it) {
        if (it->samples > 0) {
            return *it;
        }
    }
    return std::nullopt;
}

} // namespace dubito::ui::chart
