// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/common/ConfigOptions.h"
#include "backend/base/Error.h"
#include "backend/session/Session.h"

#include <string>

namespace CLI {
class App;
}

namespace dubito::app {

/// What a run is told on the command line, in the terminal and in the window alike.
struct TrainOptions {
    ConfigOptions config;
    bool resume = false;
    std::string drill; ///< CATEGORY:MB_PER_STEP
};

/// Adds the configuration flags, --resume and --drill. `options` must outlive the command.
void addTrainOptions(CLI::App& command, TrainOptions& options);

/// The layers laid, checked and explained: all problems are written to standard error, one a line. ErrorCode::Usage.
Result<session::SessionOptions> toSessionOptions(const TrainOptions& options, session::Frontend frontend);

} // namespace dubito::app
