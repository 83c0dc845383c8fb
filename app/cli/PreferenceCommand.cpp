// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/PreferenceCommand.h"

#include "app/cli/WorkProgress.h"
#include "app/common/ConfigOptions.h"
#include "app/common/Console.h"
#include "app/common/ExitCode.h"
#include "app/common/Tell.h"
#include "backend/base/AtomicFile.h"
#include "backend/base/ScratchFolder.h"
#include "backend/base/SignalDescriptor.h"
#include "backend/base/Text.h"
#include "backend/config/ConfigFields.h"
#include "backend/config/ConfigWords.h"
#include "backend/memory/HeapSettings.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <filesystem>
#include <iostream>
#include <memory>
#include <stop_token>
#include <system_error>
#include <unistd.h>

namespace dubito::app {

namespace {

using session::TrialRow;

struct PreferenceFlags {
    ConfigOptions config;
    std::string pairsFile;
    std::int64_t pairs = 100;
    std::int64_t seeds = 3;
    bool json = false;
    bool strict = false;
};

struct TrialDefault {
    std::string_view key;
    std::string_view text;
};

constexpr std::array kTrialDefaults { TrialDefault { "training.steps", "400" }, TrialDefault { "training.batch_size", "32" },
    TrialDefault { "training.seq_len", "64" }, TrialDefault { "training.learning_rate", "0.002" },
    TrialDefault { "training.warmup_steps", "20" } };

bool isChosen(const config::LayeredConfig& layered, std::string_view key)
{
    const auto origin = std::ranges::find(layered.origins, key, &config::Origin::key);
    return origin != layered.origins.end() && origin->layer > config::Layer::Embedded;
}

Result<std::filesystem::path> folderOf(const config::Config& config, const ScratchFolder& scratch)
{
    if (config.training.output.empty()) {
        if (scratch.path().empty()) {
            return Error { ErrorCode::Output, "no folder for temporary files can be made; name one with --output", "" };
        }
        return scratch.path();
    }
    std::error_code problem;
    std::filesystem::create_directories(config.training.output, problem);
    if (problem) {
        return Error { ErrorCode::Output,
            fmt::format("the folder cannot be made ({}); name another with --output", problem.message()),
            config.training.output };
    }
    return std::filesystem::path(config.training.output);
}

int report(const PreferenceFlags& flags, const config::Config& config, const session::TrialReport& report)
{
    for (const std::string& note : report.notes) {
        say(stderr, "note: {}\n", note);
    }
    std::cout << (flags.json ? toJson(report) : toTable(report)) << std::flush;
    if (!std::cout) {
        return tell({ ErrorCode::Output, "the table could not be written", "standard output" });
    }
    if (!config.training.output.empty()) {
        const auto file = std::filesystem::path(config.training.output) / "preference.json";
        if (auto written = writeAtomically(file, toJson(report)); !written) {
            return tell(written.error());
        }
    }
    const bool isAll = std::ranges::all_of(report.rows, &TrialRow::isAsExpected);
    return toInt(flags.strict && !isAll ? ExitCode::VerdictNo : ExitCode::Done);
}

int tryPreference(const PreferenceFlags& flags)
{
    outliveReaders();
    memory::settleHeap();
    const auto layered = layersOf(toSources(flags.config));
    if (!layered) {
        return tell(layered.error());
    }
    const auto config = withTrialDefaults(*layered);
    const ScratchFolder scratch("preference");
    const auto folder = folderOf(config, scratch);
    if (!folder) {
        return tell(folder.error());
    }
    const auto signals = SignalDescriptor::create();
    if (!signals) {
        return tell(signals.error());
    }
    std::stop_source stop;
    const SystemClock clock;
    WorkProgress progress(Progress::detectForm(), clock);
    const session::TrialRequest request { .config = config,
        .conditions = conditionsOf(*layered),
        .pairs = flags.pairs,
        .seeds = flags.seeds,
        .pairsFile = flags.pairsFile,
        .folder = *folder,
        .stop = stop.get_token(),
        .onProgress = [&](const std::string& activity, double share) {
            progress.show(activity, share);
            stopOnSignal(*signals, stop);
        } };
    const auto made = session::runPreferenceTrial(request);
    progress.finish();
    if (!made) {
        const int exitCode = tell(made.error());
        if (stop.stop_requested() && !config.training.output.empty()) {
            say(stderr, "the trainings that are done are kept; the same command goes on with the others\n");
        }
        return stop.stop_requested() ? toInt(ExitCode::Stopped) : exitCode;
    }
    return report(flags, config, *made);
}

std::string percent(double share) { return fmt::format("{:.1f} %", 100 * share); }

} // namespace

config::Config withTrialDefaults(const config::LayeredConfig& layered)
{
    config::Config config = layered.config;
    for (const TrialDefault& row : kTrialDefaults) {
        if (!isChosen(layered, row.key)) {
            const config::Field* field = config::findField(row.key);
            const auto value = config::parseValue(*field, row.text);
            field->set(config, *value);
        }
    }
    config.training.warmupSteps = std::min(config.training.warmupSteps, config.training.steps);
    return config;
}

std::vector<session::TrialCondition> conditionsOf(const config::LayeredConfig& layered)
{
    using session::ClaimLabels;
    if (!isChosen(layered, "distrust.weighting")) {
        return session::allConditions();
    }
    const auto named = layered.config.distrust.weighting;
    std::vector<session::TrialCondition> conditions { { named, ClaimLabels::Honest }, { named, ClaimLabels::Swapped },
        { named, ClaimLabels::Equal } };
    if (named != config::WeightingMode::Additive) {
        conditions.push_back({ config::WeightingMode::Additive, ClaimLabels::Honest });
    }
    return conditions;
}

std::string toTable(const session::TrialReport& report)
{
    std::string text = fmt::format("{} of contradicting claims, {}, {}, {}\n\n", countOf(report.pairs, "pair"),
        countOf(report.documents, "document"), countOf(report.steps, "step"),
        countOf(static_cast<std::int64_t>(report.seeds.size()), "seed"));
    text += "| weighting | labels | prefers the primary claim | 95 % interval | phrasings that were trained | margin, nats | expected | |\n"
            "|---|---|---|---|---|---|---|---|\n";
    for (const TrialRow& row : report.rows) {
        const auto interval = row.heldOut.interval();
        text += fmt::format("| {} | {} | {} of {}: **{}** | {} to {} | {} | {:+.2f} | {} | {} |\n",
            config::wordOf(row.condition.weighting), toWord(row.condition.labels), countToText(row.heldOut.successes),
            countToText(row.heldOut.trials), percent(row.heldOut.share()), percent(interval.low), percent(interval.high),
            row.trained.trials > 0 ? percent(row.trained.share()) : "–", row.margin, toWord(expectedOf(row.condition)),
            row.isAsExpected() ? "yes" : "no");
    }
    return text;
}

std::string toJson(const session::TrialReport& report)
{
    nlohmann::ordered_json rows = nlohmann::ordered_json::array();
    for (const TrialRow& row : report.rows) {
        const auto interval = row.heldOut.interval();
        nlohmann::ordered_json bySeed = nlohmann::ordered_json::array();
        for (const Proportion& one : row.bySeed) {
            bySeed.push_back(one.share());
        }
        rows.push_back({ { "weighting", config::wordOf(row.condition.weighting) },
            { "labels", toWord(row.condition.labels) }, { "prefers_primary", row.heldOut.share() },
            { "low", interval.low }, { "high", interval.high }, { "primary", row.heldOut.successes },
            { "trials", row.heldOut.trials }, { "by_seed", bySeed },
            { "trained_phrasings", row.trained.trials > 0 ? nlohmann::ordered_json(row.trained.share()) : nullptr },
            { "margin_nats", row.margin }, { "final_ce", row.finalLoss },
            { "expected", toWord(expectedOf(row.condition)) }, { "as_expected", row.isAsExpected() } });
    }
    const nlohmann::ordered_json all { { "pairs", report.pairs }, { "documents", report.documents },
        { "steps", report.steps }, { "seeds", report.seeds }, { "notes", report.notes }, { "rows", rows } };
    return all.dump(2) + "\n";
}

void addPreferenceCommand(CLI::App& program, int& exitCode)
{
    auto* command = program.add_subcommand("preference",
        "Does the loss make a model believe primary sources? Trains on contradicting claims, and asks in other words.");
    const auto flags = std::make_shared<PreferenceFlags>();
    addConfigOptions(*command, flags->config);
    command->add_option("--pairs", flags->pairsFile,
        "Pairs of claims as JSONL (primary, consensus, questions). Without it they are invented.")->type_name("FILE");
    command->add_option("--claims", flags->pairs, "Pairs to invent.")
        ->check(CLI::Range(std::int64_t { 1 }, session::kMostClaims))->capture_default_str();
    command->add_option("--seeds", flags->seeds, "Trainings of each condition, with as many seeds.")
        ->check(CLI::Range(std::int64_t { 1 }, std::int64_t { 1000 }))->capture_default_str();
    command->add_flag("--json", flags->json, "Print JSON.");
    command->add_flag("--strict", flags->strict, "Exit code 10 when a row is not as expected.");
    command->callback([flags, &exitCode] { exitCode = tryPreference(*flags); });
}

} // namespace dubito::app
