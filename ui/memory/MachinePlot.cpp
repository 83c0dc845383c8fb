// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/memory/MachinePlot.h"

#include "ui/memory/MemoryUnit.h"

namespace dubito::ui::memory {

using metrics::Metric;

chart::PlotContent machineContent(const session::Snapshot& snapshot)
{
    constexpr double kToGiB = 1.0 / 1024;
    chart::PlotContent content;
    content.key = QStringLiteral("machine");
    content.title = MachinePlot::tr("Free on the machine");
    content.unit = QStringLiteral("GiB");
    content.base = chart::YBase::Zero;
    content.emptyText = MachinePlot::tr("What the machine has left is measured once per step; nothing has run yet.");
    chart::Track left;
    left.key = QStringLiteral("available");
    left.title = MachinePlot::tr("free");
    left.width = 2;
    left.marksNonFinite = false; // a machine that does not say it
    left.points = chart::pointsOf(snapshot.series, Metric::Available, kToGiB);
    chart::Track resident;
    resident.key = QStringLiteral("rss");
    resident.title = MachinePlot::tr("Dubito RSS");
    resident.ink = chart::Ink::C2;
    resident.rank = 1;
    resident.points = chart::pointsOf(snapshot.series, Metric::Resident, kToGiB);
    content.tracks = { std::move(resident), std::move(left) };
    const auto& limits = snapshot.memory.limits;
    const auto addLimit = [&](const QString& title, std::int64_t bytes, chart::Ink ink) {
        if (bytes > 0) {
            content.limits.push_back({ title, toMiB(bytes) * kToGiB, ink, 1, true });
        }
    };
    if (chart::newest(content.tracks.back().points)) {
        addLimit(MachinePlot::tr("pauses below"), limits.pauseAvailable, chart::Ink::Warn);
        addLimit(MachinePlot::tr("ends below"), limits.abortAvailable, chart::Ink::Act);
    }
    return content;
}

} // namespace dubito::ui::memory
