// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/chart/EventMarks.h"
#include "ui/chart/PlotAxes.h"
#include "ui/chart/Track.h"

#include <QString>

#include <vector>

namespace dubito::ui::chart {

/// A horizontal line that something is compared with. Inside the view it is drawn, beyond it the title line names it.
struct Limit {
    QString title; ///< "reload at", "alert"
    double value = 0;
    Ink ink = Ink::Limit;
    int decimals = 2;
    bool needsToBeSeen = false; ///< the y-axis must reach it
};

/// Where the y-axis begins.
enum class YBase : std::uint8_t {
    Data, ///< below the lowest value
    Zero,
    NearZoomed, ///< at zero in the whole run; near the top of a stack when zoomed in, which the title line then says
    Percent, ///< 0 to 100, whatever the data
};

/// Everything that a plot shows. A plain value that a pure function makes from a snapshot.
struct PlotContent {
    QString key; ///< stable name, for object names and files: "memory"
    QString title;
    QString unit;
    QString note; ///< after the unit, grey: "smallest visible leak 0.02"
    QString alarm; ///< what is wrong, in words; empty when nothing is
    MarkShape alarmShape = MarkShape::Triangle; ///< Triangle: warn; Square: act
    QString alarmEvidence; ///< tool-tip of the alarm
    QString emptyText; ///< shown instead of an empty axis
    YBase base = YBase::Data;
    std::vector<Track> tracks; ///< drawn in this order, read in this order
    std::vector<Limit> limits;
    std::vector<std::pair<QString, QString>> readings; ///< legend entries without a line: "median", "2,309"
};

} // namespace dubito::ui::chart
