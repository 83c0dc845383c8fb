// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/base/Error.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <vector>

namespace dubito::data {

/// A nameless temporary file: appended to, then sealed and read through a mapping that never keeps more than about
/// kResidentLimit of it resident. It is gone when this object, or the process, is.
///
/// Writing goes through write calls, so that a full disk is an Error and not a signal. One thread.
class SpillFile {
public:
    static constexpr std::size_t kResidentLimit = std::size_t { 16 } << 20;

    /// In `folder`, which must exist; choose one on a disk, not in memory.
    static Result<SpillFile> create(const std::filesystem::path& folder);

    SpillFile(SpillFile&& other) noexcept;
    SpillFile& operator=(SpillFile&& other) noexcept;
    ~SpillFile();

    /// Returns the offset of what was appended. Requires: not sealed.
    Result<std::uint64_t> append(std::span<const std::byte> bytes);

    /// Writes out what is left and maps the file; from now on it is read only.
    Result<void> seal();

    /// [offset, offset + size), valid as long as this object. Requires: sealed, inside the file.
    std::span<const std::byte> read(std::uint64_t offset, std::size_t size) const;

    std::uint64_t size() const { return m_size; }
    /// Anonymous memory held: the write buffer until it is sealed, then nothing.
    std::size_t heldBytes() const { return m_buffer.capacity(); }

    /// How often the pages were handed back to the kernel.
    std::int64_t drops() const { return m_drops; }

private:
    SpillFile(std::filesystem::path folder, int descriptor);

    Result<void> flush();
    void unmap();
    void swap(SpillFile& other) noexcept;

    std::filesystem::path m_folder;
    int m_descriptor = -1;
    std::vector<std::byte> m_buffer;
    std::uint64_t m_written = 0; ///< bytes in the file
    std::uint64_t m_size = 0; ///< bytes appended
    std::byte* m_data = nullptr;
    bool m_sealed = false;
    mutable std::size_t m_touched = 0; ///< bytes that may have become resident since the last drop
    mutable std::int64_t m_drops = 0;
};

} // namespace dubito::data
