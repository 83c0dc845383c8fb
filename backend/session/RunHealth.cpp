// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/session/RunHealth.h"

#include "backend/base/Text.h"

#include <fmt/format.h>
#include <utility>

namespace dubito::session {

void tellCorpus(RunBoards& boards, const RunKit& kit)
{
    auto& health = boards.health;
    const auto& report = kit.prepared->corpusReport;
    const std::string lines = data::toText(report);
    if (100.0 * report.refusedShare() > kit.config->health.badLinesPercentage) {
        health.degrade(Module::Data, lines);
    } else {
        health.beat(Module::Data, lines);
    }
}

void tellPrepared(RunBoards& boards, const RunKit& kit)
{
    auto& health = boards.health;
    tellCorpus(boards, kit);
    health.idle(Module::Tokenizer, "all documents encoded");
    health.idle(Module::Provenance, countOf(kit.prepared->documents.report().scored, "document") + " scored");
}

void beatAfterStep(RunBoards& boards, const RunKit& kit, std::size_t waitingCommands)
{
    auto& health = boards.health;
    const auto& result = kit.trainer->lastStep();
    const std::string step = fmt::format("step {}", countToText(result.step));
    if (kit.keeper->isFailing()) {
        health.degrade(Module::Train, step + ", but the last checkpoint could not be written");
    } else {
        health.beat(Module::Train, step);
    }
    health.beat(Module::Model, kit.prepared->modelName);
    health.beat(Module::Data);
    health.beat(Module::Distrust, fmt::format("effective sample size {:.0f} %", 100.0 * result.effectiveSampleShare));
    const auto [used, fill] = boards.metrics.read(
        [](const metrics::MetricBoard& board) { return std::pair(board.used(), board.fill()); });
    health.beat(Module::Metrics, fmt::format("{} series, {:.0f} % full", used, 100.0 * fill));
    health.setSize(Module::Metrics, metrics::MetricBoard::fullBytes(), fill);
    health.beat(Module::Session, fmt::format("{} waiting", countOf(static_cast<std::int64_t>(waitingCommands), "command")));
}

void beatWhilePaused(RunBoards& boards)
{
    for (const Module module : { Module::Train, Module::Model, Module::Data, Module::Distrust, Module::Memory,
             Module::Reload, Module::Metrics, Module::Session }) {
        boards.health.beat(module);
    }
}

void idleAfterRun(RunBoards& boards)
{
    for (const Module module :
        { Module::Data, Module::Distrust, Module::Model, Module::Memory, Module::Reload, Module::Metrics }) {
        boards.health.idle(module, "no run");
    }
    const auto status = boards.run.copy();
    if (status.state != train::RunState::Failed) {
        boards.health.idle(
            Module::Train, status.totalSteps > 0 ? fmt::format("ended at step {}", countToText(status.step)) : "no run");
    }
}

} // namespace dubito::session
