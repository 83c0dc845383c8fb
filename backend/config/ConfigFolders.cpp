// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/config/ConfigFolders.h"

#include "backend/base/Text.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>
#include <set>
#include <string>

namespace dubito::config {

namespace fs = std::filesystem;

namespace {

std::string_view folderOf(ConfigKind kind) { return kind == ConfigKind::Profile ? "hardware" : "presets"; }
std::string_view flagOf(ConfigKind kind) { return kind == ConfigKind::Profile ? "--profile" : "--preset"; }

/// A name, not a path: nothing outside the folder can be meant.
bool isName(std::string_view name)
{
    return !name.empty() && std::ranges::all_of(name, [](unsigned char c) { return std::isalnum(c) || c == '_' || c == '-'; });
}

std::set<std::string> namesIn(const fs::path& folder)
{
    std::set<std::string> names;
    std::error_code problem;
    for (const auto& entry : fs::directory_iterator(folder, problem)) {
        if (entry.path().extension() == ".yaml") {
            names.insert(escaped(entry.path().stem().string()));
        }
    }
    return names;
}

} // namespace

Result<fs::path> findConfig(std::string_view name, ConfigKind kind, std::span<const fs::path> folders)
{
    std::set<std::string> known;
    for (const fs::path& folder : folders) {
        const fs::path candidate = folder / folderOf(kind) / fmt::format("{}.yaml", name);
        std::error_code problem;
        if (isName(name) && fs::is_regular_file(candidate, problem)) {
            return candidate;
        }
        known.merge(namesIn(folder / folderOf(kind)));
    }
    const std::string which = kind == ConfigKind::Profile ? "hardware profile" : "preset";
    return Error { ErrorCode::Usage,
        known.empty() ? fmt::format("there is no {} {}: no folder configs/{} was found beside the program", which,
                            dubito::quoted(name), folderOf(kind))
                      : fmt::format("there is no {} {}; there are {}", which, dubito::quoted(name), fmt::join(known, ", ")),
        std::string(flagOf(kind)) };
}

std::vector<StartingPoint> startingPoints(std::span<const fs::path> folders)
{
    std::vector<StartingPoint> points;
    for (const ConfigKind kind : { ConfigKind::Profile, ConfigKind::Preset }) {
        std::set<std::string> names;
        for (const fs::path& folder : folders) {
            names.merge(namesIn(folder / folderOf(kind)));
        }
        for (const std::string& name : names) {
            if (auto file = findConfig(name, kind, folders)) {
                points.push_back({ kind, name, std::move(*file) });
            }
        }
    }
    return points;
}

std::vector<fs::path> standardConfigFolders()
{
    std::error_code problem;
    const fs::path program = fs::read_symlink("/proc/self/exe", problem).parent_path();
    std::vector<fs::path> folders;
    // Installed: <prefix>/bin beside <prefix>/share; built: <tree>/build/<preset>/bin.
    for (const char* way : { "../share/dubito/configs", "configs", "../configs", "../../../configs" }) {
        const fs::path folder = (program / way).lexically_normal();
        if (!program.empty() && fs::is_directory(folder, problem)) {
            folders.push_back(folder);
        }
    }
    return folders;
}

} // namespace dubito::config
