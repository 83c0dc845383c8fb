// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/TrainCommand.h"

#include "app/cli/Progress.h"
#include "app/cli/Restart.h"
#include "app/common/Console.h"
#include "app/common/ExitCode.h"
#include "app/common/Tell.h"
#include "app/common/TrainOptions.h"
#include "backend/base/CrashNote.h"
#include "backend/base/Text.h"
#include "backend/log/Log.h"
#include "backend/memory/HeapSettings.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cmath>
#include <csignal>
#include <fmt/format.h>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace dubito::app {

namespace {

constexpr std::chrono::milliseconds kLook(200);

struct Fact {
    std::string name;
    std::string value;
    bool isLoss = false; ///< these come last
};

/// What the newest sample of a series says at the end of a run; nothing for most of them.
std::optional<Fact> factOf(const metrics::Series& series)
{
    const auto& row = metrics::row(series.metric);
    if (series.latest.empty()) {
        return std::nullopt;
    }
    const double newest = series.latest.back().value;
    if (row.key == "ess") {
        return Fact { std::string(row.title), fmt::format("{:5.1f} %", 100.0 * newest), false };
    }
    if (row.key.starts_with("share_")) {
        return Fact { fmt::format("gradient share, {}", row.title), fmt::format("{:5.1f} %", 100.0 * newest), false };
    }
    if (row.key.starts_with("validation")) {
        return Fact { std::string(row.title), fmt::format("{:7.4f}  perplexity {:.2f}", newest, std::exp(newest)), true };
    }
    return std::nullopt;
}

void printFacts(const session::Snapshot& snapshot)
{
    std::vector<Fact> facts;
    for (const auto& series : snapshot.series) {
        if (auto fact = factOf(series)) {
            facts.push_back(std::move(*fact));
        }
    }
    std::ranges::stable_sort(facts, {}, &Fact::isLoss);
    std::size_t width = 0;
    for (const Fact& fact : facts) {
        width = std::max(width, fact.name.size());
    }
    for (const Fact& fact : facts) {
        say(stderr, "{:<{}}  {}\n", fact.name, width, fact.value);
    }
}

/// Why the run before died, and how one goes on with it.
void tellLastEnd(const session::Snapshot& snapshot, session::Resuming resuming)
{
    if (!snapshot.postMortem) {
        return;
    }
    say(stderr, "{}", session::toText(*snapshot.postMortem));
    if (resuming == session::Resuming::No) {
        say(stderr, "  To go on with it: dubito train --config {0}/run.yaml --resume --output {0}\n",
            snapshot.postMortem->runFolder);
    }
}

int tellEnd(const session::Snapshot& snapshot)
{
    const auto& run = snapshot.run;
    const ExitCode code = toExitCode(run);
    if (run.step > 0) {
        printFacts(snapshot);
    }
    if (run.problem) {
        say(stderr, "dubito: {}\n", toText(*run.problem));
    }
    if (!run.runFolder.empty() && run.totalSteps > 0) {
        say(stderr, "step {} of {} in {}; the run is in {}{}\n", countToText(run.step), countToText(run.totalSteps),
            durationToText(static_cast<double>(run.elapsed.count()) / 1000.0), run.runFolder,
            code == ExitCode::Done && !run.lastCheckpoint.empty() ? fmt::format(", its model in {}/final", run.runFolder) : "");
    }
    if (code == ExitCode::Stopped && !run.lastCheckpoint.empty()) {
        say(stderr, "go on with dubito train --config {0}/run.yaml --resume --output {0}\n", run.runFolder);
    }
    return toInt(code);
}

int train(const TrainOptions& options)
{
    // A file-size limit is an Error that names the file, not a kill.
    std::signal(SIGXFSZ, SIG_IGN);
    outliveReaders();
    memory::settleHeap();
    auto sessionOptions = toSessionOptions(options, session::Frontend::Terminal);
    if (!sessionOptions) {
        return tell(sessionOptions.error());
    }
    const auto signals = SignalDescriptor::create();
    if (!signals) {
        return tell(signals.error());
    }
    log::Log log({ .level = log::toLevel(sessionOptions->config.config.log.level).value_or(log::LogLevel::Info),
        .console = log::Console::Off });
    const SystemClock clock;
    memory::LinuxMemoryProbe probe;
    session::Snapshot last;
    leaveCrashNotes();
    {
        session::Session session(
            std::move(*sessionOptions), { .clock = clock, .probe = probe, .log = &log.tail(), .signals = &*signals });
        tellLastEnd(session.snapshot(), options.resume ? session::Resuming::Yes : session::Resuming::No);
        if (const auto started = session.post(session::Start {}); !started) {
            return tell(started.error());
        }
        Progress progress(Progress::detectForm());
        do {
            std::this_thread::sleep_for(kLook);
            last = session.snapshot();
            progress.show(last, clock.now());
        } while (train::isActive(last.run.state));
        progress.finish(last);
    }
    const int code = tellEnd(last);
    if (code == toInt(ExitCode::RestartWanted) && !isSupervised()) {
        return restartWithResume(last.run.runFolder);
    }
    return code;
}

} // namespace

void addTrainCommand(CLI::App& program, int& exitCode)
{
    auto* command = program.add_subcommand("train", "Train a model; without arguments the shipped tiny one on the shipped corpus.");
    const auto options = std::make_shared<TrainOptions>();
    addTrainOptions(*command, *options);
    command->callback([options, &exitCode] { exitCode = train(*options); });
}

} // namespace dubito::app
