// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/metrics/GradientPlot.h"

namespace dubito::ui::metrics {

using dubito::metrics::Metric;

chart::PlotContent gradientContent(const session::Snapshot& snapshot)
{
    chart::PlotContent content;
    content.key = QStringLiteral("gradient_norm");
    content.title = GradientPlot::tr("Gradient norm");
    content.unit = GradientPlot::tr("before clipping");
    content.base = chart::YBase::Zero;
    content.emptyText = GradientPlot::tr("The norm of every step's gradient appears here; nothing has run yet.");
    chart::Track norm;
    norm.key = QStringLiteral("grad_norm");
    norm.title = GradientPlot::tr("norm");
    norm.shape = chart::Shape::SmoothLine;
    norm.raw = chart::RawLine::Faint;
    norm.width = 2;
    norm.points = chart::pointsOf(snapshot.series, Metric::GradientNorm, 1);
    content.tracks = { std::move(norm) };
    if (snapshot.config.inForce && snapshot.config.inForce->training.clip > 0) {
        content.limits.push_back({ GradientPlot::tr("clipped to"), snapshot.config.inForce->training.clip, chart::Ink::Limit, 1, false });
    }
    return content;
}

} // namespace dubito::ui::metrics
