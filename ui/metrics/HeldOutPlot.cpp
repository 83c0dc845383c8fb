// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/metrics/HeldOutPlot.h"

#include <array>

namespace dubito::ui::metrics {

namespace {

using chart::Ink;

/// In the order of metrics::kSourceWords, in the colours of the source shares.
constexpr std::array<Ink, dubito::metrics::kSourceWords.size()> kInks { Ink::G1, Ink::C1, Ink::C4, Ink::C3, Ink::C2, Ink::C5, Ink::G2, Ink::G3,
    Ink::G1, Ink::G2, Ink::C6, Ink::G3, Ink::G1 };

} // namespace

chart::PlotContent heldOutContent(const session::Snapshot& snapshot)
{
    chart::PlotContent content;
    content.key = QStringLiteral("held_out");
    content.title = HeldOutPlot::tr("Held-out loss by source");
    content.unit = HeldOutPlot::tr("nats per token");
    content.emptyText = HeldOutPlot::tr("Each source class is evaluated when the run evaluates (training.evaluation_interval); that has not happened yet.");
    for (std::size_t place = 0; place < dubito::metrics::kSourceWords.size(); ++place) {
        auto points = chart::pointsOf(snapshot.series, dubito::metrics::validationMetric(place), 1);
        if (!chart::newest(points)) {
            continue;
        }
        const auto& words = dubito::metrics::row(dubito::metrics::shareMetric(place));
        chart::Track track;
        track.key = QString::fromUtf8(words.key.data(), static_cast<qsizetype>(words.key.size()));
        track.title = HeldOutPlot::tr(words.title.data());
        track.ink = kInks[place];
        track.shape = chart::Shape::Dots;
        track.width = 1.4;
        track.points = std::move(points);
        content.tracks.push_back(std::move(track));
    }
    return content;
}

} // namespace dubito::ui::metrics
