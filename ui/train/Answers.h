// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/session/Snapshot.h"
#include "ui/Symbol.h"

#include <QString>

#include <array>
#include <chrono>

namespace dubito::ui {

/// One of the four questions a glance asks, answered in words with one line of evidence.
struct Answer {
    QString question; ///< "Is it learning?"
    QString topic; ///< the same in a word, for a narrow window: "Learning"
    Symbol symbol = Symbol::Pending;
    Tone tone = Tone::Quiet;
    QString answer; ///< "Yes"
    QString evidence; ///< "CE 2.71, −0.05 in 1,000 steps"
    QString brief; ///< the evidence for a narrow window
};

/// Learning, leaking, healthy, done when: in this order. Pure; `now` is the time of day that an end is told in.
///
/// It reads the same fields as the panels below (the verdict, the health rows, the run status) and judges nothing that a
/// panel judges otherwise, so it cannot contradict them.
std::array<Answer, 4> answersOf(const session::Snapshot& snapshot, std::chrono::system_clock::time_point now);

/// The way of a loss over its newest samples, told by a straight line through them.
struct LossTrend {
    double level = 0; ///< mean of the newest samples
    double change = 0; ///< along the line, over `steps`
    double certainty = 0; ///< slope over its standard error: below −2 it falls, above 2 it rises
    std::int64_t steps = 0;
    std::size_t samples = 0;
    bool lastIsFinite = true;
};

LossTrend trendOf(const dubito::metrics::Series& series);

} // namespace dubito::ui
