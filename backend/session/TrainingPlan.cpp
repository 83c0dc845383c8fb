// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/session/TrainingPlan.h"

#include "backend/base/Text.h"
#include "backend/memory/MemoryLevels.h"
#include "backend/memory/PressureGuard.h"
#include "backend/model/Footprint.h"
#include "backend/model/Gemm.h"
#include "backend/model/KnownShapes.h"
#include "backend/session/ModelSource.h"
#include "backend/session/Resources.h"
#include "backend/train/StepOptions.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <system_error>

namespace dubito::session {

namespace {

/// RSS beside the tensors, which is code, heap, histories and the rounding of the pool: on the grid of bench/plan-grid 30 to
/// 38 MiB, and 8 less where no product is left to the matrix library, whose code is never touched then.
std::int64_t programBytes(const config::Training& training)
{
    const bool isByTiles = training.precision == config::Precision::Bf16 && model::bf16Support() == model::Bf16Support::Amx;
    return (isByTiles ? 26 : 34) * kMiB;
}

/// While a checkpoint is written in the background its numbers are there twice.
bool isCopied(const config::Config& config)
{
    return config.training.checkpointing == config::Switch::On;
}

std::string flagsOf(const config::Training& training, const config::Training& before)
{
    std::string flags;
    const auto add = [&](const std::string& flag) { flags += (flags.empty() ? "" : " ") + flag; };
    if (training.loraRank != before.loraRank) {
        add(fmt::format("--lora-rank {}", training.loraRank));
    }
    if (training.batchSize != before.batchSize) {
        add(fmt::format("--batch-size {} --accumulate {}", training.batchSize, training.accumulate));
    }
    if (training.seqLen != before.seqLen) {
        add(fmt::format("--seq-len {}", training.seqLen));
    }
    if (training.gradientCheckpointing == config::GradientCheckpointing::On
        && before.gradientCheckpointing != config::GradientCheckpointing::On) {
        add("--gradient-checkpointing on");
    }
    return flags;
}

model::TrainingShape shapeOf(const config::Training& training, const PlannedModel& model, const PlannedMachine& machine)
{
    model::TrainingShape shape { .B = training.batchSize,
        .T = training.seqLen,
        .threads = machine.threads,
        .lora = model.lora,
        .frozen = model.frozen };
    shape.options = train::stepOptions(training, model.config, shape, machine.roomBytes);
    return shape;
}

/// With the keys' adapter, when they ask for one.
Result<PlannedModel> adapted(const config::Config& config, model::ModelConfig model)
{
    PlannedModel planned { .config = std::move(model) };
    auto lora = wantedAdapter(config.training, planned.config);
    if (!lora) {
        return lora.error();
    }
    const auto storage = frozenStorage(config.training, model::FrozenStorage::Full);
    if (lora->isOn() && !storage) {
        return storage.error();
    }
    planned.lora = *lora;
    planned.frozen = lora->isOn() ? *storage : model::FrozenStorage::Full;
    return planned;
}

Result<PlannedModel> adapted(const config::Config& config, Result<model::ModelConfig> model)
{
    return model ? adapted(config, std::move(*model)) : Result<PlannedModel>(model.error());
}

/// Tries settings that fit, and keeps those that do.
class FitSearch {
public:
    FitSearch(const config::Config& config, const PlannedModel& model, int threads, std::int64_t allowedBytes)
        : m_config(config)
        , m_model(model)
        , m_threads(threads)
        , m_allowedBytes(allowedBytes)
    {
    }

    /// The largest batch of the same effective size that fits.
    bool tryBatches(config::Config candidate, const PlannedModel& model)
    {
        const std::int64_t effective = m_config.training.batchSize * m_config.training.accumulate;
        for (std::int64_t rows = m_config.training.batchSize; rows >= 1; --rows) {
            candidate.training.batchSize = rows;
            candidate.training.accumulate = effective / rows;
            const std::int64_t peak
                = effective % rows != 0 ? m_allowedBytes + 1 : planTraining(candidate, model, { m_threads }).peakBytes();
            if (peak <= m_allowedBytes) {
                m_fits.push_back({ candidate, flagsOf(candidate.training, m_config.training), peak });
                return true;
            }
        }
        return false;
    }

    std::vector<PlanSuggestion> run()
    {
        config::Config again = m_config;
        again.training.gradientCheckpointing = config::GradientCheckpointing::On;
        if (m_config.training.gradientCheckpointing != config::GradientCheckpointing::On) {
            tryBatches(m_config, m_model);
        }
        tryBatches(again, m_model);
        while (m_fits.empty() && again.training.seqLen >= 32) {
            again.training.seqLen /= 2;
            tryBatches(again, m_model);
        }
        if (m_fits.empty() && !m_model.lora.isOn()) {
            tryAdapter();
        }
        return std::move(m_fits);
    }

private:
    void tryAdapter()
    {
        constexpr std::int64_t kUsualRank = 16;
        config::Config candidate = m_config;
        candidate.training.loraRank = kUsualRank;
        if (const auto model = adapted(candidate, m_model.config)) {
            tryBatches(candidate, *model);
        }
    }

    const config::Config& m_config;
    const PlannedModel& m_model;
    int m_threads;
    std::int64_t m_allowedBytes;
    std::vector<PlanSuggestion> m_fits;
};

} // namespace

Result<PlannedModel> modelToPlan(const config::Config& config)
{
    const std::string& named = config.model.path;
    if (named.empty()) {
        const auto shipped = shippedRun();
        return shipped ? adapted(config, model::readModelConfig(shipped->model / "config.json"))
                       : Result<PlannedModel>(shipped.error());
    }
    std::error_code problem;
    if (std::filesystem::is_directory(named, problem)) {
        const auto source = openModelSource(named, config);
        return source ? PlannedModel { source->config, source->lora, source->frozen }
                      : Result<PlannedModel>(source.error());
    }
    if (std::filesystem::exists(named, problem)) {
        return adapted(config, model::readModelConfig(named));
    }
    if (const auto shape = model::knownShape(named)) {
        return adapted(config, *shape);
    }
    return Error { ErrorCode::NotFound,
        fmt::format("there is no such folder or file, and no shape of this name is known; the known ones are {}",
            fmt::join(model::knownShapeNames(), ", ")),
        dubito::quoted(named) };
}

bool isRecomputed(const config::Config& config, const PlannedModel& model, const PlannedMachine& machine)
{
    return shapeOf(config.training, model, machine).options.recompute == model::Recompute::On;
}

std::string describePlan(const config::Config& config, const PlannedModel& model, const PlannedMachine& machine)
{
    const auto& training = config.training;
    std::string text = fmt::format("{} parameters, batch {} × {}, {} threads", countToText(model::parameterCount(model.config)),
        training.batchSize, training.seqLen, machine.threads);
    if (model.lora.isOn()) {
        text += fmt::format(", adapters of rank {} over {} weights", model.lora.rank,
            model.frozen == model::FrozenStorage::Bf16 ? "BF16" : "F32");
    }
    text += training.precision == config::Precision::Bf16 ? ", products in BF16" : "";
    text += isRecomputed(config, model, machine) ? ", layers computed again on the way back" : "";
    return text;
}

memory::MemoryPlan planTraining(const config::Config& config, const PlannedModel& model, const PlannedMachine& machine)
{
    memory::MemoryPlan plan;
    std::int64_t saved = 0;
    for (const auto& row : model::footprintOf(model.config, shapeOf(config.training, model, machine))) {
        plan.add(row.category, row.bytes, row.what);
        saved += row.isSaved ? row.bytes : 0;
    }
    if (isCopied(config)) {
        plan.add(Category::History, saved, "a copy of parameters and moments while a checkpoint is written");
    }
    plan.programBytes = programBytes(config.training);
    // A strict budget refuses the copy: the checkpoint is then written from the live numbers.
    const auto budget = static_cast<std::int64_t>(config.memory.budgetGb * static_cast<double>(kGiB));
    if (budget > 0 && plan.tensorBytes() > budget && isCopied(config)) {
        plan.rows.pop_back();
    }
    return plan;
}

Allowance allowanceOf(const config::Memory& memory, const memory::MachineMemory& machine)
{
    if (memory.budgetGb > 0) {
        return { static_cast<std::int64_t>(memory.budgetGb * static_cast<double>(kGiB)), "the budget, memory.budget_gb" };
    }
    const std::int64_t left = machine.left();
    const std::int64_t pause = memory::pressureRules(memory, machine).pauseBelow;
    const std::int64_t base = memory::levelBase(memory, machine);
    if (left >= 0 && (base <= 0 || left - pause < base)) {
        return { std::max<std::int64_t>(0, left - pause),
            fmt::format("{} available now, less the {} below which a run pauses", bytesToText(left), bytesToText(pause)) };
    }
    return { base, "the smaller of the control group's limit and 80 % of the machine" };
}

std::vector<PlanSuggestion> suggestFits(
    const config::Config& config, const PlannedModel& model, int threads, std::int64_t allowedBytes)
{
    return FitSearch(config, model, threads, allowedBytes).run();
}

} // namespace dubito::session
