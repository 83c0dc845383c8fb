// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/base/Error.h"

#include <cstddef>
#include <filesystem>
#include <span>

namespace dubito {

/// A whole file mapped for reading. Pages are read when touched; they count as file-backed, not as ours.
///
/// The size is what the file had when it was opened. Move-only; unmapped when it goes.
class MappedFile {
public:
    /// An Error when it is absent, unreadable or no regular file. An empty file maps to an empty span.
    static Result<MappedFile> open(const std::filesystem::path& path);

    MappedFile() = default;
    MappedFile(MappedFile&& other) noexcept;
    MappedFile& operator=(MappedFile&& other) noexcept;
    ~MappedFile();

    std::span<const std::byte> bytes() const { return { m_data, m_size }; }

    /// Gives whole pages inside `part` of this file back to the system, so that they count as nobody's; they are read
    /// again when somebody looks.
    void forget(std::span<const std::byte> part) const;

    /// The part [offset, offset + size), or an Error that says how short the file is.
    Result<std::span<const std::byte>> part(std::uint64_t offset, std::uint64_t size) const;

private:
    std::filesystem::path m_path;
    const std::byte* m_data = nullptr;
    std::size_t m_size = 0;
};

} // namespace dubito
