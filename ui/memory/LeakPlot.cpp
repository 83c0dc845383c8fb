// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/memory/LeakPlot.h"

#include "ui/Format.h"

namespace dubito::ui::memory {

namespace {

using chart::Ink;
using chart::PlotContent;
using chart::Shape;
using chart::Track;
using dubito::memory::Decision;
using metrics::Metric;

Track track(const QString& key, const QString& title, Ink ink, Shape shape, int rank)
{
    Track made;
    made.key = key;
    made.title = title;
    made.ink = ink;
    made.shape = shape;
    made.rank = rank;
    made.marksNonFinite = false; // not finite means: nothing can be said yet
    return made;
}

/// While the verdict says nothing, no latest value is read out, whatever was known before.
void forgetLatest(Track& track)
{
    if (!track.points.empty()) {
        auto& last = track.points.back();
        last.low = last.high = last.mean = 0;
        last.nonFinite += last.samples;
        last.samples = 0;
    }
}

/// The verdict in words, when there is one.
void addVerdict(PlotContent& content, const dubito::memory::LeakVerdict& leak)
{
    if (leak.nothingAbove > 0) {
        content.note = LeakPlot::tr("smallest visible leak %1").arg(format::rate(leak.nothingAbove));
    }
    if (leak.decision == Decision::None) {
        return;
    }
    const QString who = leak.blameWord.empty() ? LeakPlot::tr("memory") : format::text(leak.blameWord);
    const bool mustAct = leak.decision == Decision::Act;
    content.alarmShape = mustAct ? chart::MarkShape::Square : chart::MarkShape::Triangle;
    content.alarm = LeakPlot::tr("%1: %2").arg(mustAct ? LeakPlot::tr("act") : LeakPlot::tr("warn"), who);
    content.alarmEvidence = format::text(leak.reason);
    content.note.clear(); // one thing at a time
}

} // namespace

PlotContent leakContent(const session::Snapshot& snapshot)
{
    PlotContent content;
    content.key = QStringLiteral("leak");
    content.title = LeakPlot::tr("Leak");
    content.unit = LeakPlot::tr("MB/step");
    content.emptyText = LeakPlot::tr("A leak is judged from the first steps on; nothing has run yet.");

    Track bars = track(QStringLiteral("single"), LeakPlot::tr("single steps"), Ink::Bars, Shape::Bars, 3);
    bars.points = chart::pointsOf(snapshot.series, Metric::LeakNaive, 1);
    bars.reach = chart::Reach::Most; // one large block must not hide the estimate
    Track band = track(QStringLiteral("interval"), LeakPlot::tr("95 % interval"), Ink::C1, Shape::Band, 2);
    band.points = chart::between(chart::pointsOf(snapshot.series, Metric::LeakLow, 1),
        chart::pointsOf(snapshot.series, Metric::LeakHigh, 1));
    band.readsRange = true;
    band.reach = chart::Reach::Nothing;
    Track estimate = track(QStringLiteral("estimate"), LeakPlot::tr("estimate"), Ink::C1, Shape::Line, 1);
    estimate.points = chart::pointsOf(snapshot.series, Metric::LeakEstimate, 1);
    estimate.width = 2;
    const auto& leak = snapshot.memory.leak;
    if (leak.decision == Decision::None && leak.nothingAbove <= 0) {
        forgetLatest(band);
        forgetLatest(estimate);
    }
    content.tracks = { std::move(bars), std::move(band), std::move(estimate) };

    if (snapshot.config.inForce) {
        const double threshold = snapshot.config.inForce->training.memoryLeakThresholdMb;
        content.limits.push_back({ LeakPlot::tr("act at"), threshold, Ink::Act, threshold < 0.1 ? 3 : 1, true });
    }
    addVerdict(content, leak);
    return content;
}

} // namespace dubito::ui::memory
