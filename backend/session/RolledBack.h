// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/metrics/Series.h"

#include <filesystem>
#include <memory>
#include <vector>

namespace dubito::session {

/// The branch that is given up when a run goes on from an older checkpoint: cross-entropy of steps that were done and are
/// done again. Never changed once published.
using RolledBack = std::shared_ptr<const std::vector<metrics::Sample>>;

/// Reads it from the metrics of a run before they are cut after `step`; the first 1,000 steps. Null: nothing is given up,
/// or nothing can be read.
RolledBack readRolledBack(const std::filesystem::path& metricsFile, std::int64_t step);

} // namespace dubito::session
