// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/session/Snapshot.h"
#include "ui/Symbol.h"

#include <QString>

namespace dubito::ui {

/// How a state shows itself: always shape and word, with the colour on top.
struct Look {
    Symbol symbol = Symbol::None;
    Tone tone = Tone::Quiet;
    QString word;
};

Look lookOf(train::RunState state);
Look lookOf(health::HealthState state);
Look lookOf(session::EventKind kind);
Look lookOf(log::LogLevel level);

/// Share of the modules that are not idle and healthy, from 0 to 1; nothing while all are idle.
struct HealthScore {
    int healthy = 0;
    int judged = 0;
    int idle = 0;
    int failed = 0;

    double share() const { return judged > 0 ? static_cast<double>(healthy) / judged : 0.0; }
};

HealthScore scoreOf(const std::vector<health::ModuleHealth>& rows);

/// Green from 80 %, unless a module has failed; amber from 50 %, else red; quiet while nothing is judged.
Look lookOf(const HealthScore& score);

} // namespace dubito::ui
