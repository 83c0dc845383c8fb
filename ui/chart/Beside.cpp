// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/chart/Beside.h"

#include <QCoreApplication>

#include <algorithm>

namespace dubito::ui::chart {

namespace {

bool isLine(const Track& track) { return track.shape == Shape::Line || track.shape == Shape::SmoothLine; }

/// The line of the lowest rank; null when the plot has none.
const Track* readFirst(const std::vector<Track>& tracks)
{
    const Track* first = nullptr;
    for (const Track& track : tracks) {
        if (isLine(track) && (first == nullptr || track.rank < first->rank)) {
            first = &track;
        }
    }
    return first;
}

} // namespace

void layBeside(PlotContent& content, const PlotContent& other, const QString& name)
{
    constexpr qsizetype kLongest = 20; // room for the other readings
    const Track* line = readFirst(other.tracks);
    if (line == nullptr || line->points.empty()) {
        return;
    }
    Track beside = *line;
    beside.key = QStringLiteral("beside/") + line->key;
    beside.title = QCoreApplication::translate("Beside", "%1 of %2").arg(line->title, name.size() > kLongest ? name.left(kLongest - 1) + QChar(0x2026) : name);
    beside.ink = Ink::G2;
    beside.raw = RawLine::Hidden;
    beside.width = 1.4;
    beside.rank = line->rank + 1; // read beside the line it is compared with, not behind all others
    for (Track& track : content.tracks) {
        track.rank += track.rank > line->rank ? 1 : 0;
    }
    beside.atFirst = Switch::On;
    beside.marksNonFinite = false;
    content.tracks.insert(content.tracks.begin(), std::move(beside));
}

} // namespace dubito::ui::chart
