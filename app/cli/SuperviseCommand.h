// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli/Supervisor.h"

#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace dubito::app {

/// Whether a command is `dubito train …`, of whatever path.
bool isDubitoTraining(const std::vector<std::string>& command);

/// Completes what follows from the command itself. A run of ours goes on with --resume in one folder (named here, when
/// the user did not), its metrics are its progress, and its events stand beside it as supervise.jsonl.
void completeFromCommand(SupervisorOptions& options, const Clock& clock);

/// Adds `supervise [limits] -- COMMAND…`; `exitCode` is set when it was asked for, and must outlive `program`.
void addSuperviseCommand(CLI::App& program, int& exitCode);

} // namespace dubito::app
