// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <filesystem>
#include <string_view>

namespace dubito::memory {

/// A small file of the kernel that is read again and again: opened once, read with one pread() from its start.
///
/// A file that is not there reads as empty, for ever. Not for two threads.
class KeptFile {
public:
    explicit KeptFile(const std::filesystem::path& path);
    ~KeptFile();

    KeptFile(KeptFile&& other) noexcept;
    KeptFile& operator=(KeptFile&& other) noexcept;

    bool isOpen() const { return m_descriptor >= 0; }

    /// The first 4 KiB as they are now; valid until the next read.
    std::string_view read();

private:
    int m_descriptor = -1;
    std::array<char, 4096> m_text;
};

} // namespace dubito::memory
