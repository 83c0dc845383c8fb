// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace CLI {
class App;
}

namespace dubito::app {

/// Adds `train`: a run in the terminal, from the command line alone. `exitCode` is set when it was asked for, and must
/// outlive `program`.
///
/// A run that wants a fresh process (memory was retained) is executed anew with --resume, or ends with 100 under a
/// supervisor (DUBITO_SUPERVISED).
void addTrainCommand(CLI::App& program, int& exitCode);

} // namespace dubito::app
