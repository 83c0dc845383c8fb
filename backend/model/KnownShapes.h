// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/model/ModelConfig.h"

#include <optional>
#include <string_view>
#include <vector>

namespace dubito::model {

/// The shape of a published model by its name ("smollm-135m"), for plans: no weights, no tokenizer. Nothing when the name
/// is unknown.
std::optional<ModelConfig> knownShape(std::string_view name);

/// All such names.
std::vector<std::string_view> knownShapeNames();

} // namespace dubito::model
