// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/base/MappedFile.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <string>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace dubito {

namespace {

Error cannotOpen(const std::filesystem::path& path, int number)
{
    const ErrorCode code = number == ENOENT ? ErrorCode::NotFound : ErrorCode::Data;
    return { code, std::string("cannot be read: ") + std::strerror(number), path.string() };
}

} // namespace

Result<MappedFile> MappedFile::open(const std::filesystem::path& path)
{
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (descriptor < 0) {
        return cannotOpen(path, errno);
    }
    struct stat status {};
    MappedFile file;
    file.m_path = path;
    const bool known = ::fstat(descriptor, &status) == 0;
    if (!known || !S_ISREG(status.st_mode)) {
        ::close(descriptor);
        return Error { ErrorCode::Data, "is no regular file", path.string() };
    }
    file.m_size = static_cast<std::size_t>(status.st_size);
    if (file.m_size > 0) {
        void* data = ::mmap(nullptr, file.m_size, PROT_READ, MAP_PRIVATE, descriptor, 0);
        if (data == MAP_FAILED) {
            const int number = errno;
            ::close(descriptor);
            file.m_size = 0;
            return cannotOpen(path, number);
        }
        file.m_data = static_cast<const std::byte*>(data);
    }
    ::close(descriptor);
    return file;
}

MappedFile::MappedFile(MappedFile&& other) noexcept
    : m_path(std::move(other.m_path))
    , m_data(std::exchange(other.m_data, nullptr))
    , m_size(std::exchange(other.m_size, 0))
{
}

MappedFile& MappedFile::operator=(MappedFile&& other) noexcept
{
    std::swap(m_path, other.m_path);
    std::swap(m_data, other.m_data);
    std::swap(m_size, other.m_size);
    return *this;
}

MappedFile::~MappedFile()
{
    if (m_data != nullptr) {
        ::munmap(const_cast<std::byte*>(m_data), m_size);
    }
}

void MappedFile::forget(std::span<const std::byte> part) const
{
    const auto page = static_cast<std::uintptr_t>(::sysconf(_SC_PAGESIZE));
    const auto first = (reinterpret_cast<std::uintptr_t>(part.data()) + page - 1) / page * page;
    const auto last = reinterpret_cast<std::uintptr_t>(part.data() + part.size()) / page * page;
    if (first < last) {
        // A refusal changes nothing but the count of resident pages.
        static_cast<void>(::madvise(reinterpret_cast<void*>(first), last - first, MADV_DONTNEED));
    }
}

Result<std::span<const std::byte>> MappedFile::part(std::uint64_t offset, std::uint64_t size) const
{
    if (offset > m_size || size > m_size - offset) {
        return Error { ErrorCode::Data,
            "is too short: " + std::to_string(m_size) + " bytes, but bytes " + std::to_string(offset) + " to "
                + std::to_string(offset + size) + " are wanted",
            m_path.string() };
    }
    return std::span<const std::byte>(m_data + offset, static_cast<std::size_t>(size));
}

} // namespace dubito
