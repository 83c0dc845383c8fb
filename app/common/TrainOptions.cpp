// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/common/TrainOptions.h"

#include "backend/memory/LeakDrill.h"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <fmt/format.h>

namespace dubito::app {

void addTrainOptions(CLI::App& command, TrainOptions& options)
{
    addConfigOptions(command, options.config);
    command.add_flag("--resume", options.resume, "Go on from the newest good checkpoint of the output folder.");
    command.add_option("--drill", options.drill,
               "Leak on purpose, to see detection, reload and verification work: a category (weights, gradients, "
               "optimizer, activations, data, history) or untracked, MB per step, perhaps a shape (constant, bursty, "
               "intermittent), and perhaps the step after which it begins.")
        ->type_name("CATEGORY:MB_PER_STEP[:SHAPE][@STEP]");
}

Result<session::SessionOptions> toSessionOptions(const TrainOptions& options, session::Frontend frontend)
{
    session::SessionOptions made;
    made.sources = toSources(options.config);
    made.config = config::layerConfig(made.sources);
    made.frontend = frontend;
    made.runs = "runs";
    made.resuming = options.resume ? session::Resuming::Yes : session::Resuming::No;
    for (const Error& warning : made.config.warnings) {
        fmt::print(stderr, "dubito: warning: {}\n", toText(warning));
    }
    if (!made.config.problems.empty()) {
        for (const Error& problem : made.config.problems) {
            fmt::print(stderr, "dubito: {}\n", toText(problem));
        }
        return Error { ErrorCode::Usage,
            fmt::format("the configuration has {} problem{}; nothing was started", made.config.problems.size(),
                made.config.problems.size() == 1 ? "" : "s"),
            "" };
    }
    if (!options.drill.empty()) {
        auto drill = memory::parseDrill(options.drill);
        if (!drill) {
            return drill.error();
        }
        made.drill = *drill;
    }
    return made;
}

} // namespace dubito::app
