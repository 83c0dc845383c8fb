// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/base/Error.h"

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace dubito::config {

/// What a name may stand for: a file in hardware/ (--profile), or in presets/ (--preset).
enum class ConfigKind : std::uint8_t { Profile, Preset };

/// The file of that name in the first of the folders that has it. The Error (Usage) lists the names there are.
Result<std::filesystem::path> findConfig(
    std::string_view name, ConfigKind kind, std::span<const std::filesystem::path> folders);

/// A profile or a preset that one may begin with.
struct StartingPoint {
    ConfigKind kind = ConfigKind::Profile;
    std::string name;
    std::filesystem::path file;
};

/// All of them, profiles first, each kind by name; of two with one name the one that findConfig() finds.
std::vector<StartingPoint> startingPoints(std::span<const std::filesystem::path> folders);

/// The configs/ folders beside the program: where it is installed, and in the source tree it was built from.
std::vector<std::filesystem::path> standardConfigFolders();

} // namespace dubito::config
