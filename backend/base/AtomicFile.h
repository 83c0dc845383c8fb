// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/base/Checksum.h"
#include "backend/base/Error.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>

namespace dubito {

/// How long a file is and what XXH3 makes of it: enough to find damage later.
struct FileSum {
    std::uint64_t bytes = 0;
    std::string checksum;

    friend bool operator==(const FileSum&, const FileSum&) = default;
};

/// A file that appears whole or not at all: written beside its place, synced, renamed, directory synced.
///
/// Without commit() the half-written file is removed. Errors are ErrorCode::Output and name the path.
class AtomicFile {
public:
    static Result<AtomicFile> create(const std::filesystem::path& path);

    AtomicFile(AtomicFile&& other) noexcept;
    AtomicFile& operator=(AtomicFile&&) = delete;
    ~AtomicFile();

    Result<void> write(std::span<const std::byte> bytes);
    Result<void> write(std::string_view text) { return write(std::as_bytes(std::span(text))); }

    /// After it the file is at its place, on the disk, and this object is done.
    Result<void> commit();

    /// Of everything written so far.
    FileSum sum() const { return { m_bytes, m_checksum.toHex() }; }

private:
    AtomicFile(std::filesystem::path path, std::filesystem::path partial, int descriptor);

    std::filesystem::path m_path;
    std::filesystem::path m_partial;
    int m_descriptor = -1;
    std::uint64_t m_bytes = 0;
    Checksum m_checksum;
};

Result<void> writeAtomically(const std::filesystem::path& path, std::string_view text);

/// Makes a rename or a removal inside `directory` durable.
Result<void> syncDirectory(const std::filesystem::path& directory);

/// The whole file as text; an Error when it is absent or larger than `atMost` bytes.
Result<std::string> readText(const std::filesystem::path& path, std::size_t atMost = std::size_t { 64 } << 20);

} // namespace dubito
