// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/memory/CategoryPlot.h"

#include "ui/memory/MemoryUnit.h"

#include <algorithm>
#include <array>

namespace dubito::ui::memory {

namespace {

using chart::Ink;
using chart::PlotContent;
using chart::Track;
using metrics::Metric;

struct Row {
    Metric metric;
    Ink ink;
    int rank; ///< in the legend: what grows first
};

/// From the bottom: what should never grow is grey and lies below what may.
constexpr std::array kRows {
    Row { Metric::Weights, Ink::G1, 5 },
    Row { Metric::Gradients, Ink::G2, 6 },
    Row { Metric::Optimizer, Ink::G2, 4 },
    Row { Metric::Activations, Ink::C1, 1 },
    Row { Metric::Data, Ink::C3, 3 },
    Row { Metric::History, Ink::C4, 7 },
    Row { Metric::Untracked, Ink::C2, 2 },
};

} // namespace

PlotContent categoryContent(const session::Snapshot& snapshot)
{
    const MemoryUnit unit = memoryUnitOf(snapshot);
    PlotContent content;
    content.key = QStringLiteral("category");
    content.title = CategoryPlot::tr("Memory by category");
    content.unit = unit.name;
    content.base = chart::YBase::NearZoomed;
    content.emptyText = CategoryPlot::tr("Every block of memory is counted for what it is for; nothing has run yet.");
    std::vector<std::vector<chart::TrackPoint>> layers;
    for (const Row& row : kRows) {
        auto points = chart::pointsOf(snapshot.series, row.metric, unit.fromMiB);
        if (points.empty()) {
            continue;
        }
        for (auto& point : points) {
            point.mean = std::max(point.mean, 0.0); // the untracked rest is a difference, and may come out below zero
        }
        const auto& words = metrics::row(row.metric);
        Track track;
        track.key = QString::fromUtf8(words.key.data(), static_cast<qsizetype>(words.key.size()));
        track.title = CategoryPlot::tr(words.title.data());
        track.ink = row.ink;
        track.shape = chart::Shape::Layer;
        track.rank = row.rank;
        track.decimals = unit.decimals;
        content.tracks.push_back(std::move(track));
        layers.push_back(std::move(points));
    }
    chart::stackUp(layers);
    for (std::size_t i = 0; i < layers.size(); ++i) {
        content.tracks[i].points = std::move(layers[i]);
    }
    return content;
}

} // namespace dubito::ui::memory
