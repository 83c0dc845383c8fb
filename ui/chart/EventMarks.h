// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/session/Event.h"
#include "ui/chart/Decimate.h"

#include <QString>

#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace dubito::ui::chart {

/// The shapes of the lane above a plot.
enum class MarkShape : std::uint8_t {
    Diamond, ///< reload
    Bars, ///< pause
    HollowTriangle, ///< checkpoint: no line below
    Triangle, ///< warn, alert
    Square, ///< act, retained, give up, fail
    Play, ///< start, resume
    Circle, ///< relieve, a smaller batch, stop, finish
};

/// What an event looks like, and how grave it is: the graver one stands for both where two are closer than 10 px.
struct MarkStyle {
    MarkShape shape = MarkShape::Circle;
    int gravity = 0;
    bool hasLine = true;
};

MarkStyle styleOf(session::EventKind kind);

/// One mark of the lane: an event, or some that stand too close to be told apart.
struct Mark {
    double pixel = 0; ///< from the left edge of the plot
    double x = 0; ///< in the unit of the axis
    session::Event event; ///< the gravest
    int others = 0; ///< merged into it
};

inline constexpr double kMergePixels = 10;

/// Lays the events out over `width` pixels. Those outside the range are left out. Pure.
std::vector<Mark> layOut(std::span<const session::Event> events, const View& view, double width);

/// Index of the mark within `reach` pixels of `pixel`; -1 when there is none.
int markAt(std::span<const Mark> marks, double pixel, double reach);

/// What a mark tells: a heading, then rows of label and text ("cause", "gave back", "cost", …).
struct Story {
    QString heading;
    std::vector<std::pair<QString, QString>> rows;

    QString toPlainText() const;
    QString toHtml() const; ///< everything that came from outside is escaped
};

Story storyOf(const Mark& mark);

/// "reload", "pause" …: the word of an event kind for people.
QString kindText(session::EventKind kind);

} // namespace dubito::ui::chart
