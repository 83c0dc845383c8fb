// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/session/TrainingPlan.h"

#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace dubito::app {

/// A plan with its verdict.
struct PlanAnswer {
    memory::MemoryPlan plan;
    session::Allowance allowance;
    std::vector<session::PlanSuggestion> suggestions; ///< only when it does not fit
    std::string model; ///< "tiny, 3.5 M parameters, batch 4 x 128, 2 threads"

    bool fits() const { return plan.peakBytes() <= allowance.bytes; }
};

/// For people, and as one JSON object.
std::string toText(const PlanAnswer& answer);
std::string toJson(const PlanAnswer& answer);

/// Adds `plan`; `exitCode` is set when it was asked for, and must outlive `program`: 0 when it fits, 10 when not.
void addPlanCommand(CLI::App& program, int& exitCode);

} // namespace dubito::app
