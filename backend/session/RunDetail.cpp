// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/session/RunDetail.h"

#include "backend/metrics/Folding.h"

#include <algorithm>
#include <array>
#include <utility>

namespace dubito::session {

namespace {

using metrics::Bucket;
using metrics::Metric;
using metrics::Series;

/// One metric of the detail: folds in pairs when it is full, as a history does.
class Fold {
public:
    void add(const metrics::Sample& sample)
    {
        const bool isOpen = !m_buckets.empty() && m_buckets.back().samples + m_buckets.back().nonFinite < m_perBucket;
        if (!isOpen) {
            if (m_buckets.size() == kDetailBuckets) {
                metrics::foldInPairs(m_buckets);
                m_perBucket *= 2;
            }
            m_buckets.push_back(metrics::emptyBucket(sample));
        }
        metrics::addSample(m_buckets.back(), sample);
    }

    std::vector<Bucket> take() { return std::move(m_buckets); }

private:
    std::vector<Bucket> m_buckets; ///< at most kDetailBuckets
    std::int64_t m_perBucket = 1;
};

class Collection {
public:
    void take(const metrics::MetricsLine& line)
    {
        for (const auto& [metric, value] : line.values) {
            m_folds[static_cast<std::size_t>(metric)].add({ line.step, line.time, value });
        }
        m_found = { m_any ? m_found.first : line.step, line.step };
        m_any = true;
    }

    std::optional<RunDetail> detail()
    {
        if (!m_any) {
            return std::nullopt;
        }
        RunDetail detail { m_found, {} };
        for (std::size_t i = 0; i < m_folds.size(); ++i) {
            if (auto buckets = m_folds[i].take(); !buckets.empty()) {
                detail.series.push_back({ static_cast<Metric>(i), std::move(buckets), {} });
            }
        }
        return detail;
    }

private:
    std::array<Fold, metrics::kMetricCount> m_folds;
    metrics::StepRange m_found;
    bool m_any = false;
};

Result<RunDetail> readOnce(const std::filesystem::path& metricsFile, const metrics::StepRange& steps,
    const std::stop_token& stop, std::int64_t mostBytes)
{
    Collection collection;
    std::stop_source enough;
    const std::stop_callback passOn(stop, [&] { enough.request_stop(); });
    const metrics::MetricsListener reading { .onLine = [&](const metrics::MetricsLine& line) { collection.take(line); },
        .onProgress =
            [&](const metrics::ReadingProgress& progress) {
                if (progress.bytesRead > mostBytes) {
                    enough.request_stop();
                }
            } };
    if (const auto read = metrics::readMetrics(metricsFile, steps, reading, enough.get_token()); !read) {
        return read.error();
    }
    if (auto detail = collection.detail()) {
        return std::move(*detail);
    }
    return Error { ErrorCode::NotFound, "these steps are not in the metrics of the run", metricsFile.string() };
}

/// What `whole` knows before and after the detail; a bucket across its edge counts as far as it is outside. What is raw in
/// `whole` stays so, and is the last word on its steps.
void refineOne(Series& whole, const Series& fine, const metrics::StepRange& steps)
{
    if (!whole.latest.empty() && whole.latest.front().step <= steps.first) {
        return;
    }
    std::vector<Bucket> buckets;
    buckets.reserve(whole.buckets.size() + fine.buckets.size());
    for (Bucket bucket : whole.buckets) {
        if (bucket.firstStep < steps.first) {
            bucket.lastStep = std::min(bucket.lastStep, steps.first - 1);
            buckets.push_back(bucket);
        }
    }
    buckets.insert(buckets.end(), fine.buckets.begin(), fine.buckets.end());
    for (Bucket bucket : whole.buckets) {
        if (bucket.lastStep > steps.last) {
            bucket.firstStep = std::max(bucket.firstStep, steps.last + 1);
            buckets.push_back(bucket);
        }
    }
    whole.buckets = std::move(buckets);
}

} // namespace

Result<RunDetail> readDetail(const std::filesystem::path& metricsFile, const metrics::StepRange& steps, std::stop_token stop,
    std::int64_t mostBytes)
{
    const auto files = metrics::metricsFiles(metricsFile).size();
    auto detail = readOnce(metricsFile, steps, stop, mostBytes);
    if (metrics::metricsFiles(metricsFile).size() != files && !stop.stop_requested()) {
        detail = readOnce(metricsFile, steps, stop, mostBytes); // rotated under the reading: a part may have been missed
    }
    return detail;
}

void refine(std::vector<Series>& whole, const RunDetail& detail)
{
    for (Series& series : whole) {
        const auto fine = std::ranges::find(detail.series, series.metric, &Series::metric);
        if (fine != detail.series.end()) {
            refineOne(series, *fine, detail.steps);
        }
    }
}

DetailReader::DetailReader(std::filesystem::path metricsFile, const metrics::StepRange& steps, std::int64_t mostBytes)
    : m_steps(steps)
    , m_worker(
          "detail",
          [this, file = std::move(metricsFile), mostBytes](std::stop_token stop) {
              auto read = std::make_shared<const Result<RunDetail>>(readDetail(file, m_steps, std::move(stop), mostBytes));
              m_outcome.update([&](auto& outcome) { outcome = std::move(read); });
          },
          [this](const Error& error) {
              m_outcome.update([&](auto& outcome) { outcome = std::make_shared<const Result<RunDetail>>(error); });
          })
{
}

} // namespace dubito::session
