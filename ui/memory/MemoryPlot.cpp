// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/memory/MemoryPlot.h"

#include "ui/memory/MemoryUnit.h"

#include <algorithm>

namespace dubito::ui::memory {

namespace {

using chart::Ink;
using chart::Limit;
using chart::PlotContent;
using chart::Shape;
using chart::Track;
using chart::TrackPoint;
using metrics::Metric;

constexpr double kForecastShare = 0.25; // of the run so far: as far as the x-axis can reach ahead

Track line(const QString& key, const QString& title, Ink ink, double width, int rank, std::vector<TrackPoint> points)
{
    Track track;
    track.key = key;
    track.title = title;
    track.ink = ink;
    track.width = width;
    track.rank = rank;
    track.points = std::move(points);
    return track;
}

/// From the tensors up by what the pool keeps for reuse.
std::vector<TrackPoint> cacheBand(const std::vector<TrackPoint>& tensors, const std::vector<TrackPoint>& cache)
{
    std::vector<TrackPoint> top = tensors;
    auto at = cache.begin();
    for (TrackPoint& point : top) {
        at = std::lower_bound(at, cache.end(), point.step, [](const TrackPoint& c, std::int64_t step) { return c.step < step; });
        const bool known = at != cache.end() && at->step == point.step && at->samples > 0;
        point.samples = known ? point.samples : 0;
        if (known) {
            point.high = point.mean + at->mean;
            point.low = point.mean;
            point.mean = at->mean;
        }
    }
    return top;
}

/// Where the resident memory goes if it grows on as it does: the verdict's slope and interval, applied to the newest.
std::vector<TrackPoint> forecast(const session::Snapshot& snapshot, const TrackPoint& now, const MemoryUnit& unit)
{
    const auto& leak = snapshot.memory.leak;
    if (leak.nothingAbove <= 0 && leak.decision == dubito::memory::Decision::None) {
        return {}; // nothing can be said yet
    }
    const auto rss = std::ranges::find(leak.growth, std::string("rss"), &dubito::memory::Growth::who);
    const dubito::memory::Growth growth = rss != leak.growth.end()
        ? *rss
        : dubito::memory::Growth { "rss", leak.mbPerStep, leak.low, leak.high };
    const auto ahead = std::max<std::int64_t>(10, static_cast<std::int64_t>(static_cast<double>(now.step) * kForecastShare));
    const double pace = now.step > 0 ? now.seconds / static_cast<double>(now.step) : 0;
    const double factor = unit.fromMiB * static_cast<double>(ahead);
    TrackPoint start = now;
    start.low = start.high = now.mean;
    TrackPoint end = start;
    end.step += ahead;
    end.seconds += pace * static_cast<double>(ahead);
    end.mean = std::max(0.0, now.mean + growth.mbPerStep * factor);
    end.low = std::max(0.0, now.mean + growth.low * factor);
    end.high = std::max(end.low, now.mean + growth.high * factor);
    return { start, end };
}

/// The resident size at which the machine would have only `left` bytes for others.
std::int64_t residentAt(const dubito::memory::MemorySample& now, std::int64_t left)
{
    return now.available < 0 || left <= 0 ? 0 : now.resident + now.available - left;
}

void addLimits(PlotContent& content, const session::Snapshot& snapshot, const MemoryUnit& unit)
{
    const auto& limits = snapshot.memory.limits;
    const auto& now = snapshot.memory.latest;
    struct Row {
        QString title;
        std::int64_t bytes;
        Ink ink;
    };
    const Row rows[] = {
        { MemoryPlot::tr("alert"), limits.alert, Ink::Warn },
        { MemoryPlot::tr("reload at"), limits.reloadThreshold, Ink::Limit },
        { MemoryPlot::tr("budget"), limits.budget, Ink::Act },
        { MemoryPlot::tr("pause"), residentAt(now, limits.pauseAvailable), Ink::Warn },
        { MemoryPlot::tr("abort"), residentAt(now, limits.abortAvailable), Ink::Act },
    };
    for (const Row& row : rows) {
        if (row.bytes > 0) {
            content.limits.push_back({ row.title, unit.fromBytes(row.bytes), row.ink, unit.decimals, false });
        }
    }
}

} // namespace

PlotContent memoryContent(const session::Snapshot& snapshot)
{
    const MemoryUnit unit = memoryUnitOf(snapshot);
    PlotContent content;
    content.key = QStringLiteral("memory");
    content.title = MemoryPlot::tr("Memory");
    content.unit = unit.name;
    content.emptyText = MemoryPlot::tr("Memory is measured once per step; nothing has run yet.");
    const auto points = [&](Metric metric) { return chart::pointsOf(snapshot.series, metric, unit.fromMiB); };

    const auto tensors = points(Metric::Active);
    const auto resident = points(Metric::Resident);
    Track cache = line(QStringLiteral("cache"), MemoryPlot::tr("cache"), Ink::G2, 0, 4,
        cacheBand(tensors, points(Metric::Cache)));
    cache.shape = Shape::Band;
    Track ahead = line(QStringLiteral("forecast"), MemoryPlot::tr("forecast"), Ink::C1, 1.2, 5, {});
    ahead.shape = Shape::Forecast;
    ahead.inLegend = false;
    ahead.reach = chart::Reach::Nothing;
    if (const auto now = chart::newest(resident)) {
        ahead.points = forecast(snapshot, *now, unit);
    }
    content.tracks = { std::move(cache),
        line(QStringLiteral("tensors"), MemoryPlot::tr("tensors"), Ink::G1, 1.4, 3, tensors),
        line(QStringLiteral("anonymous"), MemoryPlot::tr("anonymous"), Ink::C2, 1.5, 2, points(Metric::Anonymous)),
        std::move(ahead), line(QStringLiteral("rss"), MemoryPlot::tr("RSS"), Ink::C1, 2, 1, resident) };
    for (Track& track : content.tracks) {
        track.decimals = unit.decimals;
    }
    if (!resident.empty()) {
        addLimits(content, snapshot, unit);
    }
    return content;
}

} // namespace dubito::ui::memory
