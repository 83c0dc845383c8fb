// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/common/GoOn.h"

namespace dubito::app {

std::vector<std::string> wordsToGoOn(const std::filesystem::path& runFolder)
{
    std::vector<std::string> words { "--start", "--resume", "--output", runFolder.string() };
    std::error_code ignored;
    if (const auto config = runFolder / "run.yaml"; std::filesystem::exists(config, ignored)) {
        words.insert(words.end(), { "--config", config.string() });
    }
    return words;
}

} // namespace dubito::app
