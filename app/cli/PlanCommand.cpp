// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/PlanCommand.h"

#include "app/common/ConfigOptions.h"
#include "app/common/ExitCode.h"
#include "app/common/Tell.h"
#include "backend/base/Parallel.h"
#include "backend/base/Text.h"
#include "backend/memory/MemoryLevels.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <iostream>
#include <memory>

namespace dubito::app {

namespace {

using Json = nlohmann::ordered_json;

struct PlanFlags {
    ConfigOptions config;
    double budgetGb = 0;
    bool json = false;
};

PlanAnswer answerOf(const config::Config& config, const session::PlannedModel& model)
{
    memory::LinuxMemoryProbe probe;
    // As the trainer itself will count them.
    const session::PlannedMachine machine { Parallel(static_cast<int>(config.training.threads)).threads(),
        memory::levelBase(config.memory, probe.machine()) };
    PlanAnswer answer;
    answer.plan = session::planTraining(config, model, machine);
    answer.allowance = session::allowanceOf(config.memory, probe.machine());
    if (!answer.fits()) {
        answer.suggestions = session::suggestFits(config, model, machine.threads, answer.allowance.bytes);
    }
    answer.model = session::describePlan(config, model, machine);
    return answer;
}

int plan(const PlanFlags& flags)
{
    const auto layered = layersOf(toSources(flags.config));
    if (!layered) {
        return tell(layered.error());
    }
    auto config = layered->config;
    if (flags.budgetGb > 0) {
        config.memory.budgetGb = flags.budgetGb;
    }
    const auto model = session::modelToPlan(config);
    if (!model) {
        return tell(model.error());
    }
    if (config.training.seqLen > model->config.maxPositions) {
        return tell({ ErrorCode::Model,
            fmt::format("training.seq_len is {}, but the model knows {} positions; use --seq-len {} or less",
                config.training.seqLen, model->config.maxPositions, model->config.maxPositions),
            config.model.path });
    }
    const PlanAnswer answer = answerOf(config, *model);
    std::cout << (flags.json ? toJson(answer) : toText(answer)) << std::flush;
    if (!std::cout) {
        return tell({ ErrorCode::Output, "the plan could not be written", "standard output" });
    }
    return toInt(answer.fits() ? ExitCode::Done : ExitCode::VerdictNo);
}

} // namespace

std::string toText(const PlanAnswer& answer)
{
    std::string text = answer.model + "\n\n";
    for (const auto& row : answer.plan.rows) {
        text += fmt::format("  {:<12} {:>10}  {}\n", toWord(row.category), bytesToText(row.bytes), row.what);
    }
    text += fmt::format("  {:<12} {:>10}  the program beside its tensors\n", "", bytesToText(answer.plan.programBytes));
    text += fmt::format("  {:<12} {:>10}\n\n", "peak", bytesToText(answer.plan.peakBytes()));
    text += fmt::format("{}: {} of {} ({})\n", answer.fits() ? "It fits" : "It does not fit",
        bytesToText(answer.plan.peakBytes()), bytesToText(answer.allowance.bytes), answer.allowance.reason);
    for (const auto& suggestion : answer.suggestions) {
        text += fmt::format("This would fit: {}  (peak {})\n", suggestion.flags, bytesToText(suggestion.peakBytes));
    }
    if (!answer.fits() && answer.suggestions.empty()) {
        text += "Nothing would fit, however small the batch: it takes a smaller model or a larger machine\n";
    }
    return text;
}

std::string toJson(const PlanAnswer& answer)
{
    Json json { { "model", answer.model }, { "fits", answer.fits() }, { "peak_mb", toMiB(answer.plan.peakBytes()) },
        { "allowed_mb", toMiB(answer.allowance.bytes) }, { "allowed_because", answer.allowance.reason },
        { "program_mb", toMiB(answer.plan.programBytes) } };
    const auto bytes = answer.plan.byCategory();
    for (std::size_t i = 0; i < kCategoryCount; ++i) {
        json["categories_mb"][std::string(kCategoryWords[i])] = toMiB(bytes[i]);
    }
    json["suggestions"] = Json::array();
    for (const auto& suggestion : answer.suggestions) {
        json["suggestions"].push_back({ { "flags", suggestion.flags }, { "peak_mb", toMiB(suggestion.peakBytes) } });
    }
    return json.dump(2) + "\n";
}

void addPlanCommand(CLI::App& program, int& exitCode)
{
    auto* command = program.add_subcommand("plan",
        "Peak memory of a training by category, before it begins: does it fit, and what would? --model may also name a "
        "config.json or a known shape (smollm-135m).");
    const auto flags = std::make_shared<PlanFlags>();
    addConfigOptions(*command, flags->config);
    command->add_option("--budget", flags->budgetGb, "GiB that the run may take; without it what the machine lends.")
        ->check(CLI::Range(0.001, 16384.0))->type_name("GB");
    command->add_flag("--json", flags->json, "Print JSON.");
    command->callback([flags, &exitCode] { exitCode = plan(*flags); });
}

} // namespace dubito::app
