// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <nlohmann/json.hpp>
#include <vector>

namespace dubito::bench {

/// What the resident set of a recorded run did after its warm-up, a fifth of it. MiB.
struct Drift {
    double slope = 0; ///< per step
    double low = 0; ///< its interval, widened by the resolution
    double high = 0;
    double resolution = 0; ///< what the kernel's count of pages can tell apart over this run, per step
    double driftMb = 0; ///< between the lowest and the highest sixteenth of the run
    double mostMb = 0;
    double stepMilliseconds = 0; ///< median
};

/// `metrics`: the lines of metrics.jsonl. Throws std::runtime_error when the run was too short to be judged.
Drift driftOf(const std::vector<nlohmann::json>& metrics);

} // namespace dubito::bench
