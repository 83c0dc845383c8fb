// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/memory/KeptFile.h"

#include <cstddef>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

namespace dubito::memory {

KeptFile::KeptFile(const std::filesystem::path& path) : m_descriptor(::open(path.c_str(), O_RDONLY | O_CLOEXEC)) { }

KeptFile::~KeptFile()
{
    if (m_descriptor >= 0) {
        ::close(m_descriptor);
    }
}

KeptFile::KeptFile(KeptFile&& other) noexcept : m_descriptor(std::exchange(other.m_descriptor, -1)) { }

KeptFile& KeptFile::operator=(KeptFile&& other) noexcept
{
    std::swap(m_descriptor, other.m_descriptor);
    return *this;
}

std::string_view KeptFile::read()
{
    if (m_descriptor < 0) {
        return {};
    }
    const ssize_t bytes = ::pread(m_descriptor, m_text.data(), m_text.size(), 0);
    return bytes <= 0 ? std::string_view {} : std::string_view(m_text.data(), static_cast<std::size_t>(bytes));
}

} // namespace dubito::memory
