// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/base/Error.h"
#include "backend/base/Guarded.h"
#include "backend/base/Worker.h"
#include "backend/config/Config.h"
#include "backend/session/TrainingPlan.h"

#include <memory>
#include <stop_token>
#include <string>
#include <vector>

namespace dubito::session {

/// What somebody is about to train.
struct RunWish {
    config::Config base {}; ///< everything that is not named below
    std::string model {}; ///< as model.path
    std::string data {}; ///< as data.path
    std::string profile {}; ///< a name in configs/hardware, laid over `base`; empty: none
};

/// What would come of it.
struct PlannedRun {
    config::Config config; ///< to be applied and started
    std::string model; ///< "3.5 M parameters, batch 4 x 128, 2 threads"
    std::string corpus; ///< "200 documents, 0 refused, in its first 64 KiB"
    memory::MemoryPlan plan;
    Allowance allowance;
    std::vector<PlanSuggestion> suggestions; ///< when it does not fit: what would, the gentlest first

    bool fits() const { return plan.peakBytes() <= allowance.bytes; }
};

/// Names of the hardware profiles that a wish may hold.
std::vector<std::string> profileNames();

/// Reads the model's config.json, the beginning of the corpus and the profile, and computes the memory. Nothing is changed
/// and nothing large is read. The Error says which of the three will not do, and why. Refused when stopped.
Result<PlannedRun> planRun(const RunWish& wish, std::stop_token stop = {});

/// planRun() on a thread of its own: a folder may lie on a network that sleeps.
///
/// Made and asked by one thread. Destroyed before the end, it stops.
class RunPlanner {
public:
    explicit RunPlanner(RunWish wish);

    bool isDone() const;

    /// The plan, or what is wrong with the wish. Requires: isDone(); once.
    Result<PlannedRun> take();

private:
    Guarded<std::shared_ptr<Result<PlannedRun>>> m_planned;
    Worker m_worker; // last: joined before what it uses is gone
};

} // namespace dubito::session
