// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/base/Error.h"
#include "backend/config/ConfigFields.h"

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace dubito::config {

inline constexpr std::size_t kLargestConfigFile = std::size_t { 256 } << 10;

/// One value of a file and its place, "my.yaml:4:15".
struct FileValue {
    const Field* field = nullptr;
    Value value;
    std::string where;
};

/// What a YAML file says, in its order, and everything that is wrong with it, each with its place. With problems the
/// values are those that could be understood.
struct FileReading {
    std::vector<FileValue> values;
    std::vector<Error> problems; ///< Usage, or NotFound when the file is absent; at most kMostProblems
};

inline constexpr std::size_t kMostProblems = 50;

/// `name` stands in the places. Never throws, whatever the text: deep nesting, bombs and other documents are refused.
FileReading readConfigText(std::string_view text, std::string_view name);

/// The same of a file of at most kLargestConfigFile bytes.
FileReading readConfigFile(const std::filesystem::path& file);

} // namespace dubito::config
