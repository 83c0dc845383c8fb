// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace CLI {
class App;
}

namespace dubito::app {

/// Adds `merge`: an adapter added into its base, as a whole model folder that other tools load. `exitCode` is set when it
/// was asked for, and must outlive `program`.
void addMergeCommand(CLI::App& program, int& exitCode);

} // namespace dubito::app
