// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/base/Error.h"
#include "backend/config/ConfigLayers.h"

#include <span>
#include <string_view>

namespace dubito::config {

/// A flag of the command line that is a key: "--batch-size" is training.batch_size.
struct ConfigFlag {
    std::string_view flag;
    std::string_view key;
    std::string_view placeholder; ///< what stands for the value in --help: "N", "FILE", "GB"
};

/// In the order of --help. The help text of a flag is the help of its key.
std::span<const ConfigFlag> configFlags();

/// "--set section.key=value". The Error (Usage) says what such a text looks like; the key is looked up in layerConfig().
Result<Assignment> parseAssignment(std::string_view text);

} // namespace dubito::config
