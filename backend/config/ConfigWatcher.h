// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace dubito::config {

/// Has the configuration file changed? Asked by Monitor twice a second; one thread.
///
/// It compares contents, not times: an editor may save by rename, and touching a file changes nothing. A new content
/// counts when two looks in a row saw it (a half-written file is left alone); a file that is absent, empty or unreadable
/// is waited for. It does not read what the text says: ConfigLayers does.
class ConfigWatcher {
public:
    /// What the file says now is the known state.
    explicit ConfigWatcher(std::filesystem::path file);

    /// The new text, once for each new content.
    std::optional<std::string> poll();

    const std::filesystem::path& file() const { return m_file; }

private:
    void remember(std::string_view text);

    std::filesystem::path m_file;
    std::uint64_t m_known = 0;
    std::optional<std::uint64_t> m_candidate;
};

} // namespace dubito::config
