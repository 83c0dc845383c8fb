// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/session/RunBoards.h"

#include "backend/base/Text.h"

#include <fmt/format.h>

namespace dubito::session {

Vitals vitalsOf(const RunBoards& boards)
{
    static const std::string kBoot = bootIdentity();
    const auto run = boards.run.copy();
    const auto memory = boards.memory.copy();
    Vitals vitals;
    vitals.boot = kBoot;
    vitals.wall = boards.clock.wall();
    vitals.state = train::toWord(run.state);
    vitals.activity = run.activity;
    vitals.step = run.step;
    vitals.totalSteps = run.totalSteps;
    vitals.savedStep = run.lastCheckpointStep;
    if (memory.latest.resident > 0) {
        vitals.resident = memory.latest.resident;
        vitals.available = memory.latest.available;
        vitals.limit = memory.latest.limit;
    }
    vitals.level = memory.level;
    vitals.pressure = memory.pressure;
    if (memory.leak.decision != memory::Decision::None) {
        vitals.leak = fmt::format("{} grew by {:.2f} MB/step", memory.leak.blameWord.empty() ? "memory" : memory.leak.blameWord,
            memory.leak.mbPerStep);
    }
    vitals.oomKills = memory::readOomKills();
    vitals.ending = run.ending;
    vitals.problem = run.problem ? dubito::toText(*run.problem) : "";
    return vitals;
}

} // namespace dubito::session
