// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/base/Error.h"
#include "backend/config/Config.h"
#include "backend/config/ConfigStatus.h"

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace dubito::config {

/// A value given on the command line: any key or alias, its text, and how the user wrote the flag.
struct Assignment {
    std::string key;
    std::string text;
    std::string flag;
};

/// Everything that may have a say, besides the defaults.
struct ConfigSources {
    std::string profile {}; ///< a name in configs/hardware; empty: none
    std::string preset {};  ///< a name in configs/presets; empty: none
    std::filesystem::path file {}; ///< empty: none
    std::optional<std::string> fileText {}; ///< the text of `file` when it was read already (ConfigWatcher)
    std::vector<std::pair<std::string, std::string>> environment {}; ///< only DUBITO_… is looked at
    std::vector<Assignment> flags {};
    std::vector<std::filesystem::path> folders {}; ///< holding hardware/ and presets/ (ConfigFolders), in this order
};

/// The layers laid on each other. With `problems` the configuration is what could be understood and must not be used.
struct LayeredConfig {
    Config config;
    std::vector<Origin> origins;   ///< one per field, in the order of the table
    std::vector<Error> problems;   ///< all of them, each a sentence with its place
    std::vector<Error> warnings;   ///< unknown DUBITO_… variables
};

LayeredConfig layerConfig(const ConfigSources& sources);

/// The environment of this process, as ConfigSources wants it.
std::vector<std::pair<std::string, std::string>> processEnvironment();

/// "DUBITO_TRAINING_BATCH_SIZE" for "training.batch_size".
std::string environmentName(std::string_view key);

} // namespace dubito::config
