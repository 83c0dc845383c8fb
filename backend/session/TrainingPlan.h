// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/base/Error.h"
#include "backend/config/Config.h"
#include "backend/memory/MemoryPlan.h"
#include "backend/memory/MemoryProbe.h"
#include "backend/model/FrozenWeights.h"
#include "backend/model/LoraConfig.h"
#include "backend/model/ModelConfig.h"

#include <cstdint>
#include <string>
#include <vector>

namespace dubito::session {

/// What would be trained.
struct PlannedModel {
    model::ModelConfig config;
    model::LoraConfig lora {}; ///< off: every weight
    model::FrozenStorage frozen = model::FrozenStorage::Full; ///< below an adapter
};

/// The model that `--model` names, with the adapter that training.lora_* ask for: a folder (of a model or an adapter), a
/// config.json, or the name of a known shape; empty: the shipped one. Of the last three nobody knows how the weights are
/// stored: as F32, unless training.frozen_weights or the precision say otherwise. ErrorCode::Model, NotFound or Usage.
Result<PlannedModel> modelToPlan(const config::Config& config);

/// Where it would be trained.
struct PlannedMachine {
    int threads = 1; ///< as training will have them
    std::int64_t roomBytes = 0; ///< what gradient_checkpointing: auto fits into (memory::levelBase()); 0: anything fits
};

/// What training this model with this configuration will hold at its peak: computed from shapes by the code that takes it.
/// The corpus adds nothing: it lies in mapped files.
memory::MemoryPlan planTraining(const config::Config& config, const PlannedModel& model, const PlannedMachine& machine);

/// Whether layers would be computed again on the way back.
bool isRecomputed(const config::Config& config, const PlannedModel& model, const PlannedMachine& machine);

/// In words: "3.5 M parameters, batch 4 × 128, 2 threads", and what else memory depends on.
std::string describePlan(const config::Config& config, const PlannedModel& model, const PlannedMachine& machine);

/// How much a run may take, and in words why not more.
struct Allowance {
    std::int64_t bytes = 0;
    std::string reason;
};

/// memory.budget_gb where it is set; else what the machine lends before the run would pause.
Allowance allowanceOf(const config::Memory& memory, const memory::MachineMemory& machine);

/// Another way to train the same: the same effective batch, so the same gradients; where nothing else fits, fewer tokens of a
/// document, or an adapter in place of the weights.
struct PlanSuggestion {
    config::Config config;
    std::string flags; ///< what to say on the command line: "--batch-size 1 --accumulate 4"
    std::int64_t peakBytes = 0;
};

/// Settings that fit into `allowedBytes`, the gentlest change first; empty when none does.
std::vector<PlanSuggestion> suggestFits(
    const config::Config& config, const PlannedModel& model, int threads, std::int64_t allowedBytes);

} // namespace dubito::session
