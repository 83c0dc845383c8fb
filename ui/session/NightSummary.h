// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/session/Snapshot.h"
#include "ui/Symbol.h"

#include <QString>

#include <array>
#include <chrono>
#include <string>
#include <utility>
#include <vector>

namespace dubito::ui {

/// A key figure: "Lost", "21", "steps", "2:29 of work, done again".
struct NightFigure {
    QString name;
    QString value;
    QString unit;
    QString help;
};

struct NightLine {
    Symbol symbol = Symbol::Dot;
    Tone tone = Tone::Quiet;
    QString text;
};

/// What happened while nobody looked, why it ended, what it cost, and what can be done about it. For people.
struct Night {
    std::string id; ///< the same end has the same id: once closed its card does not come by itself again
    bool isDeath = false; ///< the run ended and nobody asked for it
    Symbol symbol = Symbol::Tick;
    Tone tone = Tone::Healthy;
    QString title;
    QString text;
    std::array<NightFigure, 4> figures;
    QString certainty; ///< "cause: certain"; empty without a death
    std::vector<NightLine> evidence;
    std::vector<std::pair<QString, QString>> costs; ///< the last one is the sum
    QString advice; ///< may be empty
    QString note; ///< what going on would mean: "Free: 17.9 GiB."
    QString resumeText; ///< "Resume from step 4,000"; empty: there is nothing to go on with
    std::string resumeFolder;
};

/// Made from the events, the newest numbers and, when the run before died, its post mortem. Pure.
Night nightOf(const session::Snapshot& snapshot);

} // namespace dubito::ui
