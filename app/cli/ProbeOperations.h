// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/base/Error.h"
#include "backend/config/Config.h"
#include "backend/memory/TensorPool.h"

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace dubito::app {

/// What operations work on: a corpus and a model, prepared once in a folder of their own. Opaque; outlives the operations.
class ProbeStage;

struct DeleteProbeStage {
    void operator()(ProbeStage* stage) const;
};
using ProbeStagePointer = std::unique_ptr<ProbeStage, DeleteProbeStage>;

/// Prepares what the configuration names. `folder` is for its files; `pool` must outlive the stage.
Result<ProbeStagePointer> makeProbeStage(
    const config::Config& config, const std::filesystem::path& folder, memory::TensorPool& pool);

/// One operation of a run that can be repeated by itself.
struct ProbeOperation {
    std::string_view name; ///< "step"
    std::string_view help; ///< "one optimizer step"
    Result<void> (*run)(ProbeStage& stage);
};

/// All of them.
const std::vector<ProbeOperation>& probeOperations();

} // namespace dubito::app
