// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/common/TrainOptions.h"

#include "app/common/Tell.h"
#include "backend/memory/LeakDrill.h"
#include "backend/session/Heartbeat.h"

#include <CLI/CLI.hpp>
#include <filesystem>
#include <fmt/format.h>
#include <utility>

namespace dubito::app {

namespace {

/// --resume alone would begin a new run, which is the last thing that was meant.
Error nothingToResume(const std::filesystem::path& runs)
{
    const auto newest = session::newestRuns(runs);
    return { ErrorCode::Usage,
        newest.empty() ? "it is not said which run; name its folder with --output"
                       : fmt::format("it is not said which run; the newest one is gone on with by --config {0}/run.yaml --resume "
                                     "--output {0}",
                             newest.front().string()),
        "--resume" };
}

} // namespace

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
    auto layered = layersOf(made.sources);
    if (!layered) {
        return layered.error();
    }
    made.config = std::move(*layered);
    made.frontend = frontend;
    made.runs = "runs";
    made.resuming = options.resume ? session::Resuming::Yes : session::Resuming::No;
    if (options.resume && made.config.config.training.output.empty()) {
        return nothingToResume(made.runs);
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
