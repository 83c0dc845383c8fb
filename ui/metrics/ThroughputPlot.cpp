// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/metrics/ThroughputPlot.h"

#include "ui/Format.h"

#include <algorithm>
#include <cmath>

namespace dubito::ui::metrics {

namespace {

using dubito::metrics::Metric;

/// Of the newest samples: what is usual, whatever a pause or a reload did to a step.
std::optional<double> median(const dubito::metrics::Series* series)
{
    std::vector<double> values;
    if (series != nullptr) {
        for (const auto& sample : series->latest) {
            if (std::isfinite(sample.value)) {
                values.push_back(sample.value);
            }
        }
    }
    if (values.empty()) {
        return std::nullopt;
    }
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::ranges::nth_element(values, middle);
    return *middle;
}

} // namespace

chart::PlotContent throughputContent(const session::Snapshot& snapshot)
{
    chart::PlotContent content;
    content.key = QStringLiteral("throughput");
    content.title = ThroughputPlot::tr("Throughput");
    content.unit = ThroughputPlot::tr("tokens per second");
    content.base = chart::YBase::Zero;
    content.emptyText = ThroughputPlot::tr("Tokens per second appear here; nothing has run yet.");
    chart::Track speed;
    speed.key = QStringLiteral("tokens_per_s");
    speed.title = ThroughputPlot::tr("speed");
    speed.decimals = 0;
    speed.marksNonFinite = false; // a step too short for the clock
    speed.shape = chart::Shape::SmoothLine;
    speed.raw = chart::RawLine::Faint; // pauses and reloads stay to be seen
    speed.width = 2;
    speed.points = chart::pointsOf(snapshot.series, Metric::TokensPerSecond, 1);
    content.tracks = { std::move(speed) };
    if (const auto usual = median(chart::find(snapshot.series, Metric::TokensPerSecond))) {
        content.readings.emplace_back(ThroughputPlot::tr("median"), format::decimal(*usual, 0));
    }
    if (const auto step = median(chart::find(snapshot.series, Metric::StepMilliseconds))) {
        content.readings.emplace_back(ThroughputPlot::tr("step"),
            *step < 1000 ? ThroughputPlot::tr("%1 ms").arg(format::decimal(*step, 0))
                         : ThroughputPlot::tr("%1 s").arg(format::decimal(*step / 1000, 2)));
    }
    return content;
}

} // namespace dubito::ui::metrics
