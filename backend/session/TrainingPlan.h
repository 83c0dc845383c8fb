// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/base/Error.h"
#include "backend/config/Config.h"
#include "backend/memory/MemoryPlan.h"
#include "backend/memory/MemoryProbe.h"
#include "backend/model/ModelConfig.h"

#include <cstdint>
#include <string>
#include <vector>

namespace dubito::session {

/// The model that `--model` names: a folder, a config.json, or the name of a known shape; empty: the shipped one.
/// ErrorCode::Model or NotFound.
Result<model::ModelConfig> modelToPlan(const std::string& named);

/// What training this model with this configuration will hold at its peak: computed from shapes by the code that takes it.
/// The corpus adds nothing: it lies in mapped files. `threads` as training will have them.
memory::MemoryPlan planTraining(const config::Config& config, const model::ModelConfig& model, int threads);

/// How much a run may take, and in words why not more.
struct Allowance {
    std::int64_t bytes = 0;
    std::string reason;
};

/// memory.budget_gb where it is set; else what the machine lends before the run would pause.
Allowance allowanceOf(const config::Memory& memory, const memory::MachineMemory& machine);

/// Another way to train the same: the same effective batch, so the same gradients.
struct PlanSuggestion {
    config::Config config;
    std::string flags; ///< what to say on the command line: "--batch-size 1 --accumulate 4"
    std::int64_t peakBytes = 0;
};

/// Settings that fit into `allowedBytes`, the gentlest change first; empty when none does.
std::vector<PlanSuggestion> suggestFits(
    const config::Config& config, const model::ModelConfig& model, int threads, std::int64_t allowedBytes);

} // namespace dubito::session
