// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <string_view>

namespace dubito {

/// A new folder below the temporary one, removed with everything in it at the end of its life. Owned by one thread.
class ScratchFolder {
public:
    /// Named `dubito-<purpose>-` and six letters of chance. Where none can be made, `path()` is empty.
    explicit ScratchFolder(std::string_view purpose);
    ScratchFolder(const ScratchFolder&) = delete;
    ScratchFolder& operator=(const ScratchFolder&) = delete;
    ~ScratchFolder();

    const std::filesystem::path& path() const { return m_path; }

private:
    std::filesystem::path m_path;
};

} // namespace dubito
