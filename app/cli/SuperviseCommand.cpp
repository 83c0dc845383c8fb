// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/SuperviseCommand.h"

#include "app/common/Console.h"
#include "app/common/ExitCode.h"
#include "app/common/Tell.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <ctime>
#include <fmt/chrono.h>
#include <fmt/format.h>
#include <memory>

namespace dubito::app {

namespace {

/// What follows a flag, as "--output DIR" or "--output=DIR"; the last one wins, as in the program itself.
std::string flagIn(const std::vector<std::string>& words, const std::string& flag)
{
    std::string value;
    for (std::size_t i = 0; i < words.size(); ++i) {
        if (words[i] == flag && i + 1 < words.size()) {
            value = words[i + 1];
        } else if (words[i].starts_with(flag + "=")) {
            value = words[i].substr(flag.size() + 1);
        }
    }
    return value;
}

int supervise(SupervisorOptions options)
{
    outliveReaders();
    const SystemClock clock;
    completeFromCommand(options, clock);
    const auto signals = SignalDescriptor::create();
    if (!signals) {
        return tell(signals.error());
    }
    auto supervisor = Supervisor::create(std::move(options), clock, *signals);
    const auto code = supervisor ? supervisor->run() : Result<int>(supervisor.error());
    if (!code) {
        const int exitCode = tell(code.error());
        return code.error().code == ErrorCode::NotFound ? toInt(ExitCode::Usage) : exitCode;
    }
    return *code;
}

} // namespace

bool isDubitoTraining(const std::vector<std::string>& command)
{
    return command.size() >= 2 && std::filesystem::path(command[0]).filename() == "dubito" && command[1] == "train";
}

void completeFromCommand(SupervisorOptions& options, const Clock& clock)
{
    if (!isDubitoTraining(options.command)) {
        return;
    }
    std::filesystem::path output = flagIn(options.command, "--output");
    if (output.empty()) {
        const auto now = std::chrono::system_clock::to_time_t(clock.wall());
        output = std::filesystem::path("runs") / fmt::format("{:%Y-%m-%d-%H%M%S}-supervised", fmt::localtime(now));
        options.command.insert(options.command.end(), { "--output", output.string() });
    }
    if (std::ranges::find(options.command, "--resume") == options.command.end()) {
        options.resumeWords = { "--resume" };
    }
    const std::string metrics = flagIn(options.command, "--metrics");
    if (options.progress.empty()) {
        options.progress = metrics.empty() ? output / "metrics.jsonl" : std::filesystem::path(metrics);
    }
    if (options.events.empty()) {
        std::error_code problem; // said by the supervisor, when it cannot write there
        std::filesystem::create_directories(output, problem);
        options.events = output / "supervise.jsonl";
    }
}

void addSuperviseCommand(CLI::App& program, int& exitCode)
{
    struct Flags {
        SupervisorOptions options;
        std::string progress;
        std::string events;
        double waitS = 2;
    };
    const auto flags = std::make_shared<Flags>();
    SupervisorOptions& options = flags->options;
    CLI::App* command = program.add_subcommand("supervise",
        "Runs a command, watches the memory of all its processes, and begins it anew when it leaks, passes a limit, asks "
        "for it (exit code 100) or is killed for want of memory.");
    command->option_defaults()->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
    command->add_option("--limit-gb", options.limitGb, "Resident memory of all its processes, in GiB; 0 is off.")
        ->check(CLI::NonNegativeNumber);
    command->add_option("--leak-mb-per-minute", options.leakMbPerMinute,
               "A leak that is certain to be about this fast is acted on, in MiB; 0 is off.")
        ->check(CLI::NonNegativeNumber)
        ->capture_default_str();
    command->add_option("--interval", options.intervalS, "Seconds between two looks.")
        ->check(CLI::Range(0.001, 3600.0))
        ->capture_default_str();
    command->add_option("--grace", options.graceS, "Seconds it has to save and end after SIGTERM, before SIGKILL.")
        ->check(CLI::Range(0.0, 86400.0))
        ->capture_default_str();
    command->add_option("--per-hour", options.restarts.perHour, "Restarts in one hour, at most.")
        ->check(CLI::Range(0, 1000))
        ->capture_default_str();
    command->add_option("--wait", flags->waitS, "Seconds before the first restart; each one of the same hour doubles it.")
        ->check(CLI::Range(0.0, 3600.0))
        ->capture_default_str();
    command->add_option("--progress", flags->progress,
               "A file that grows while it gets somewhere: without progress between two restarts it is given up. For "
               "dubito train: its metrics.")
        ->type_name("FILE");
    command->add_option("--events", flags->events,
               "What happens, as JSON lines. For dubito train: supervise.jsonl in the run folder.")
        ->type_name("FILE");
    command->add_option("COMMAND", options.command, "The command and its arguments, after --.")
        ->required()
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
        ->type_name("COMMAND…");
    command->callback([flags, &exitCode] {
        flags->options.progress = flags->progress;
        flags->options.events = flags->events;
        flags->options.restarts.firstWait
            = std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::duration<double>(flags->waitS));
        exitCode = supervise(flags->options);
    });
}

} // namespace dubito::app
