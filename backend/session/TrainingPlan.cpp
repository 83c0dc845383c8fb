// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/session/TrainingPlan.h"

#include "backend/base/Text.h"
#include "backend/memory/MemoryLevels.h"
#include "backend/memory/PressureGuard.h"
#include "backend/model/Footprint.h"
#include "backend/model/KnownShapes.h"
#include "backend/session/Resources.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <system_error>

namespace dubito::session {

namespace {

/// Measured on the shipped model: RSS beside the tensors, which is code, heap, histories and the rounding of the pool.
constexpr std::int64_t kProgramBytes = 28 * kMiB;

std::int64_t bytesOf(const memory::MemoryPlan& plan, Category category)
{
    return plan.byCategory()[toIndex(category)];
}

/// While a checkpoint is written in the background its numbers are there twice.
bool isCopied(const config::Config& config)
{
    return config.training.checkpointing == config::Switch::On;
}

std::string flagsOf(const config::Training& training, const config::Training& before)
{
    std::string flags = fmt::format("--batch-size {} --accumulate {}", training.batchSize, training.accumulate);
    if (training.seqLen != before.seqLen) {
        flags += fmt::format(" --seq-len {}", training.seqLen);
    }
    return flags;
}

} // namespace

Result<model::ModelConfig> modelToPlan(const std::string& named)
{
    if (named.empty()) {
        const auto shipped = shippedRun();
        if (!shipped) {
            return shipped.error();
        }
        return model::readModelConfig(shipped->model / "config.json");
    }
    std::error_code problem;
    if (std::filesystem::is_directory(named, problem)) {
        return model::readModelConfig(std::filesystem::path(named) / "config.json");
    }
    if (std::filesystem::exists(named, problem)) {
        return model::readModelConfig(named);
    }
    if (const auto shape = model::knownShape(named)) {
        return *shape;
    }
    return Error { ErrorCode::NotFound,
        fmt::format("there is no such folder or file, and no shape of this name is known; the known ones are {}",
            fmt::join(model::knownShapeNames(), ", ")),
        dubito::quoted(named) };
}

memory::MemoryPlan planTraining(const config::Config& config, const model::ModelConfig& model, int threads)
{
    memory::MemoryPlan plan;
    const auto& training = config.training;
    for (const auto& row : model::footprintOf(model, { .B = training.batchSize, .T = training.seqLen, .threads = threads })) {
        plan.add(row.category, row.bytes, row.what);
    }
    if (isCopied(config)) {
        plan.add(Category::History, bytesOf(plan, Category::Weights) + bytesOf(plan, Category::Optimizer),
            "a copy of parameters and moments while a checkpoint is written");
    }
    plan.programBytes = kProgramBytes;
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
        return { static_cast<std::int64_t>(memory.budgetGb * static_cast<double>(kGiB)), "the budget (memory.budget_gb)" };
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
    const config::Config& config, const model::ModelConfig& model, int threads, std::int64_t allowedBytes)
{
    std::vector<PlanSuggestion> fits;
    const auto tryOut = [&](const config::Config& candidate) {
        const std::int64_t peak = planTraining(candidate, model, threads).peakBytes();
        if (peak <= allowedBytes) {
            fits.push_back({ candidate, flagsOf(candidate.training, config.training), peak });
        }
        return peak <= allowedBytes;
    };
    config::Config candidate = config;
    const std::int64_t effective = config.training.batchSize * config.training.accumulate;
    // First the batch alone, which changes no gradient; then shorter documents too, which does.
    for (candidate.training.seqLen = config.training.seqLen; candidate.training.seqLen >= 16; candidate.training.seqLen /= 2) {
        for (std::int64_t rows = config.training.batchSize; rows >= 1; --rows) {
            if (effective % rows != 0) {
                continue;
            }
            candidate.training.batchSize = rows;
            candidate.training.accumulate = effective / rows;
            const bool isSame = rows == config.training.batchSize && candidate.training.seqLen == config.training.seqLen;
            if (!isSame && tryOut(candidate)) {
                break;
            }
        }
        if (!fits.empty() && candidate.training.seqLen < config.training.seqLen) {
            break;
        }
    }
    return fits;
}

} // namespace dubito::session
