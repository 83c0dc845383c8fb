// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

namespace dubito::app {

/// Whether somebody restarts us when we ask by exit code 100 (DUBITO_SUPERVISED).
bool isSupervised();

/// Executes this program anew with the same arguments, --resume and the run's folder: the heap of the old process is
/// gone. Returns, with exit code 100, only when that fails.
int restartWithResume(const std::string& runFolder);

} // namespace dubito::app
