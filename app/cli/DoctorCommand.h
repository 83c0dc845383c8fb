// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/session/MachineReport.h"

#include <string>

namespace CLI {
class App;
}

namespace dubito::app {

/// For people, and as one JSON object.
std::string toText(const session::MachineReport& report);
std::string toJson(const session::MachineReport& report);

/// Adds `doctor`; `exitCode` is set when it was asked for, and must outlive `program`: 0 when a run may start, 10 when
/// something keeps it from that.
void addDoctorCommand(CLI::App& program, int& exitCode);

} // namespace dubito::app
