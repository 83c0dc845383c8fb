// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/config/ConfigLayers.h"

#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace dubito::app {

/// What the user said about the configuration on the command line.
struct ConfigOptions {
    std::string file;
    std::string profile;
    std::string preset;
    std::vector<config::Assignment> assignments; ///< single flags first, then --set: the later one wins
};

/// Adds --config, --profile, --preset, --set and a flag for each row of configFlags(), with the help of the table.
/// `options` must outlive the command.
void addConfigOptions(CLI::App& command, ConfigOptions& options);

/// Only --set, for commands that look at few keys.
void addSetOption(CLI::App& command, ConfigOptions& options);

/// With the environment of this process and the configs/ folders beside the program.
config::ConfigSources toSources(const ConfigOptions& options);

} // namespace dubito::app
