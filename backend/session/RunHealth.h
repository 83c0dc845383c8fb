// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/session/RunKit.h"

#include <cstddef>

namespace dubito::session {

/// What the modules of a run say of themselves on the health board. Train thread only.
///
/// Memory and reload speak for themselves (Guardian, RunReloads); log, config and health have the Monitor.

/// How much of the corpus was refused, by health.bad_lines_percentage as it is now.
void tellCorpus(RunBoards& boards, const RunKit& kit);

/// The corpus is read and the model built: no step is done yet.
void tellPrepared(RunBoards& boards, const RunKit& kit);

/// Requires: a step has been done.
void beatAfterStep(RunBoards& boards, const RunKit& kit, std::size_t waitingCommands);

/// A pause is no silence: everything is there and waits.
void beatWhilePaused(RunBoards& boards);

/// The run is over: nobody is expected to beat.
void idleAfterRun(RunBoards& boards);

} // namespace dubito::session
