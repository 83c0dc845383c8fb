// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/config/ConfigLayers.h"

#include <cstdint>
#include <filesystem>
#include <iosfwd>

namespace CLI {
class App;
}

namespace dubito::app {

enum class ReportForm : std::uint8_t { Text, Json };

/// `dubito config show`: every value with its origin; problems and warnings go to `problems`. Returns the exit code:
/// 0, or 2 when the configuration could not be used.
int showConfig(const config::ConfigSources& sources, ReportForm form, std::ostream& out, std::ostream& problems);

/// `dubito config check FILE`: all problems of one file, or a sentence that there are none. Returns 0 or 2.
int checkConfig(const std::filesystem::path& file, std::ostream& out, std::ostream& problems);

/// Adds `config` with show, default and check; `exitCode` is set when one of them was asked for, and must outlive
/// `program`.
void addConfigCommand(CLI::App& program, int& exitCode);

} // namespace dubito::app
