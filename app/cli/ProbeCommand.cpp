// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/ProbeCommand.h"

#include "app/cli/ProbeOperations.h"
#include "app/common/ExitCode.h"
#include "backend/base/ScratchFolder.h"
#include "backend/base/Text.h"
#include "backend/memory/HeapSettings.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdlib>
#include <fmt/format.h>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

namespace dubito::app {

namespace {

int refuse(const Error& error, std::ostream& problems)
{
    problems << "dubito: " << toText(error) << '\n';
    return toInt(toExitCode(error.code));
}

std::string toJson(const ProbeQuestion& question, const memory::RepeatVerdict& verdict)
{
    nlohmann::ordered_json streams = nlohmann::ordered_json::object();
    for (const auto& stream : verdict.growth) {
        streams[std::string(stream.who)] = { { "mb_each", stream.mbPerTime }, { "low", stream.low }, { "high", stream.high },
            { "certain", stream.certain }, { "grown_mb", toMiB(stream.grownBytes) }, { "leak", stream.isLeak } };
    }
    nlohmann::ordered_json sites = nlohmann::ordered_json::array();
    for (const auto& row : verdict.sites) {
        sites.push_back({ { "site", row.site.toText() }, { "mb", toMiB(row.bytes) }, { "blocks", row.count } });
    }
    const nlohmann::ordered_json json { { "operation", question.operation }, { "times", verdict.done },
        { "warm_up", question.wishes.warmUp }, { "verdict", verdict.isLeak ? "leak" : "no leak" },
        { "hard_stop", verdict.isStopped }, { "seconds_each", verdict.secondsEach }, { "streams", streams },
        { "sites", sites } };
    return json.dump();
}

void print(const ProbeQuestion& question, const memory::RepeatVerdict& verdict, std::ostream& out)
{
    if (question.form == ProbeForm::Json) {
        out << toJson(question, verdict) << '\n';
        return;
    }
    out << question.operation << ": " << verdict.toText() << '\n';
    for (const auto& row : verdict.sites) {
        out << fmt::format("  {}: {} more in {} blocks\n", row.site.toText(), bytesToText(row.bytes), row.count);
    }
}

} // namespace

int probe(const ProbeQuestion& question, std::ostream& out, std::ostream& problems)
{
    const auto& operations = probeOperations();
    const auto operation = std::ranges::find(operations, question.operation, &ProbeOperation::name);
    if (operation == operations.end()) {
        return refuse({ ErrorCode::Usage, "there is no such operation; --help lists them", question.operation }, problems);
    }
    auto layered = config::layerConfig(question.sources);
    if (!layered.problems.empty()) {
        return refuse(layered.problems.front(), problems);
    }
    // As many steps as are repeated, so that the schedule does not end before.
    layered.config.training.steps = std::max(layered.config.training.steps, question.wishes.times + 1);
    const ScratchFolder scratch("probe");
    if (scratch.path().empty()) {
        return refuse({ ErrorCode::Output, "no temporary folder can be made; is TMPDIR writable?", "" }, problems);
    }
    memory::TensorPool pool;
    memory::LinuxMemoryProbe machine;
    const auto stage = makeProbeStage(layered.config, scratch.path(), pool);
    if (!stage) {
        return refuse(stage.error(), problems);
    }
    const auto verdict
        = memory::RepeatProbe(pool, machine).run([&] { return operation->run(**stage); }, question.wishes);
    if (!verdict) {
        return refuse(verdict.error(), problems);
    }
    print(question, *verdict, out);
    return toInt(verdict->isLeak ? ExitCode::VerdictNo : ExitCode::Done);
}

void addProbeCommand(CLI::App& program, int& exitCode)
{
    struct Flags {
        ProbeQuestion question;
        ConfigOptions config;
        bool json = false;
        std::int64_t hardStopMb = 500;
    };
    const auto flags = std::make_shared<Flags>();
    auto& question = flags->question;
    CLI::App* command = program.add_subcommand("probe", "Repeats an operation and answers: does it leak?");
    std::string names;
    for (const ProbeOperation& operation : probeOperations()) {
        names += fmt::format("{}{} ({})", names.empty() ? "" : ", ", operation.name, operation.help);
    }
    command->add_option("OPERATION", question.operation, "One of: " + names + ".")->capture_default_str();
    command->add_option("--times", question.wishes.times, "Repetitions.")->check(CLI::Range(32, 1000000))->capture_default_str();
    command->add_option("--warm-up", question.wishes.warmUp, "The first of them, which do not count.")
        ->check(CLI::Range(0, 16))
        ->capture_default_str();
    command->add_option("--leak-mb", question.wishes.leakMb, "MiB each time; growth that is certain to be faster is a leak.")
        ->check(CLI::PositiveNumber)
        ->capture_default_str();
    command->add_option("--hard-stop-mb", flags->hardStopMb, "Stops when it has grown by so many MiB.")
        ->check(CLI::Range(1, 1 << 20))
        ->capture_default_str();
    command->add_flag("--json", flags->json, "One line of JSON.");
    addConfigOptions(*command, flags->config);
    command->callback([flags, &exitCode] {
        memory::settleHeap();
        flags->question.sources = toSources(flags->config);
        flags->question.form = flags->json ? ProbeForm::Json : ProbeForm::Text;
        flags->question.wishes.hardStopBytes = flags->hardStopMb * kMiB;
        exitCode = probe(flags->question, std::cout, std::cerr);
    });
}

} // namespace dubito::app
