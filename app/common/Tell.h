// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/base/Error.h"
#include "backend/config/ConfigLayers.h"

#include <optional>

namespace CLI {
class App;
}

namespace dubito::app {

/// What a program says on standard error before it ends, "dubito: where: what, and what to do"; the answer is the exit code
/// of its kind.
int tell(const Error& error);

/// The layers of a configuration, once every warning (an unknown DUBITO_* variable) and every problem has been told.
/// ErrorCode::Usage when there are problems.
Result<config::LayeredConfig> layersOf(const config::ConfigSources& sources);

/// Parses the words of the command line. Nothing: the program goes on. A number: it ends with this exit code, and help,
/// version, or what is wrong with the words has been said, with the nearest word that is known.
std::optional<int> parseWords(CLI::App& program, int count, const char* const* words);

} // namespace dubito::app
