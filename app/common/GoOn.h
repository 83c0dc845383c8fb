// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace dubito::app {

/// The words with which dubito-dashboard goes on with the run of a folder, from its newest good checkpoint and by its own
/// run.yaml, where it has one. The folder is named as it is: relative to where the program was started.
std::vector<std::string> wordsToGoOn(const std::filesystem::path& runFolder);

} // namespace dubito::app
