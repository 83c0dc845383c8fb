// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/metrics/SharesPlot.h"

#include "ui/Format.h"

#include <algorithm>
#include <array>

namespace dubito::ui::metrics {

namespace {

using chart::Ink;
using chart::Track;
using dubito::metrics::Metric;

constexpr double kSmoothing = 0.97; // a batch has a handful of documents: single steps jump between 0 and 100 %
constexpr double kLeastShare = 0.0005; // a class that never had more is not there

struct Row {
    Metric metric;
    Ink ink;
};

/// From the bottom, in a fixed order, so that no layer changes places: classes of the mock-ups in their colours, the
/// others in greys that differ from their neighbours'.
constexpr std::array kRows {
    Row { Metric::ShareLabNotebook, Ink::C1 },
    Row { Metric::ShareArchive, Ink::C3 },
    Row { Metric::ShareOralHistory, Ink::C2 },
    Row { Metric::ShareMeasurement, Ink::C4 },
    Row { Metric::ShareCorrespondence, Ink::C5 },
    Row { Metric::ShareGovernment, Ink::C6 },
    Row { Metric::SharePatent, Ink::G1 },
    Row { Metric::ShareAcademicPaper, Ink::G2 },
    Row { Metric::ShareTextbook, Ink::G3 },
    Row { Metric::ShareNews, Ink::G1 },
    Row { Metric::ShareWiki, Ink::G2 },
    Row { Metric::ShareBlog, Ink::G3 },
    Row { Metric::ShareOther, Ink::G1 },
};

} // namespace

chart::PlotContent sharesContent(const session::Snapshot& snapshot)
{
    chart::PlotContent content;
    content.key = QStringLiteral("shares");
    content.title = SharesPlot::tr("Source shares");
    content.unit = SharesPlot::tr("% of gradient weight");
    content.base = chart::YBase::Percent;
    content.emptyText = SharesPlot::tr("Which sources the gradient listens to appears here; nothing has run yet.");
    std::vector<std::vector<chart::TrackPoint>> layers;
    std::vector<double> newestShare;
    for (const Row& row : kRows) {
        auto points = chart::smoothed(chart::pointsOf(snapshot.series, row.metric, 100), kSmoothing);
        const bool isThere = std::ranges::any_of(points, [](const auto& point) { return point.mean > 100 * kLeastShare; });
        if (!isThere) {
            continue;
        }
        const auto& words = dubito::metrics::row(row.metric);
        Track track;
        track.key = QString::fromUtf8(words.key.data(), static_cast<qsizetype>(words.key.size()));
        track.title = SharesPlot::tr(words.title.data());
        track.ink = row.ink;
        track.shape = chart::Shape::Layer;
        track.decimals = 0;
        newestShare.push_back(points.back().mean);
        content.tracks.push_back(std::move(track));
        layers.push_back(std::move(points));
    }
    chart::stackUp(layers);
    for (std::size_t i = 0; i < layers.size(); ++i) {
        content.tracks[i].points = std::move(layers[i]);
        // The heaviest is read first, in steps of 10 % so that the legend keeps still.
        content.tracks[i].rank = -static_cast<int>(newestShare[i] / 10);
    }
    if (const auto* ess = chart::find(snapshot.series, Metric::EffectiveSampleSize)) {
        if (const auto now = chart::newest(chart::toPoints(*ess, 1))) {
            content.note = SharesPlot::tr("effective sample size %1").arg(format::percent(now->mean));
        }
    }
    return content;
}

} // namespace dubito::ui::metrics
