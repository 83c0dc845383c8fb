// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/metrics/LossPlot.h"

namespace dubito::ui::metrics {

namespace {

using chart::Ink;
using chart::PlotContent;
using chart::Shape;
using chart::Track;
using dubito::metrics::Metric;

Track track(const session::Snapshot& snapshot, Metric metric, const QString& title, Ink ink, int rank)
{
    Track made;
    const auto key = dubito::metrics::row(metric).key;
    made.key = QString::fromUtf8(key.data(), static_cast<qsizetype>(key.size()));
    made.title = title;
    made.ink = ink;
    made.shape = Shape::SmoothLine;
    made.rank = rank;
    made.points = chart::pointsOf(snapshot.series, metric, 1);
    return made;
}

/// The branch that a resume from an older checkpoint gave up, thin and grey beside the one that counts.
Track rolledBack(const session::Snapshot& snapshot)
{
    Track ghost;
    ghost.key = QStringLiteral("rolled_back");
    ghost.title = LossPlot::tr("rolled back");
    ghost.ink = Ink::G2;
    ghost.width = 1;
    ghost.rank = 5;
    ghost.reach = chart::Reach::Nothing;
    ghost.inLegend = snapshot.rolledBack != nullptr;
    if (snapshot.rolledBack) {
        dubito::metrics::Series series;
        series.latest = *snapshot.rolledBack;
        ghost.points = chart::toPoints(series, 1);
    }
    return ghost;
}

} // namespace

PlotContent lossContent(const session::Snapshot& snapshot)
{
    PlotContent content;
    content.key = QStringLiteral("loss");
    content.title = LossPlot::tr("Loss");
    content.unit = LossPlot::tr("nats per token");
    content.emptyText = LossPlot::tr("The loss of every step appears here; nothing has run yet.");

    // Another scale, and no gradient: there for those who know the formula, not to be compared with the others.
    Track published = track(snapshot, Metric::PublishedTotal, LossPlot::tr("published total"), Ink::C5, 4);
    published.atFirst = chart::Switch::Off;
    Track validation = track(snapshot, Metric::Validation, LossPlot::tr("validation"), Ink::C3, 3);
    validation.shape = Shape::Dots;
    validation.width = 1.4;
    Track answer = track(snapshot, Metric::CrossEntropy, LossPlot::tr("CE"), Ink::C1, 1);
    answer.raw = chart::RawLine::Faint;
    answer.width = 2;
    content.tracks = { rolledBack(snapshot), std::move(published),
        track(snapshot, Metric::WeightedCrossEntropy, LossPlot::tr("weighted"), Ink::C2, 2), std::move(answer),
        std::move(validation) };
    return content;
}

} // namespace dubito::ui::metrics
