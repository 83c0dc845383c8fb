// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/base/AtomicFile.h"

#include "backend/base/Text.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <string>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace dubito {

namespace {

Error cannotWrite(const std::filesystem::path& path, int number)
{
    return { ErrorCode::Output, std::string("cannot be written: ") + std::strerror(number), path.string() };
}

Error cannotRead(const std::filesystem::path& path, int number)
{
    const ErrorCode code = number == ENOENT ? ErrorCode::NotFound : ErrorCode::Data;
    return { code, std::string("cannot be read: ") + std::strerror(number), path.string() };
}

struct Descriptor {
    int number = -1;
    ~Descriptor() { ::close(number); }
};

/// Beside the target, on the same file system, and of this process alone.
std::filesystem::path partialName(const std::filesystem::path& path)
{
    static std::atomic<unsigned> count = 0;
    auto name = path;
    name += ".partial-" + std::to_string(::getpid()) + "-" + std::to_string(++count);
    return name;
}

} // namespace

AtomicFile::AtomicFile(std::filesystem::path path, std::filesystem::path partial, int descriptor)
    : m_path(std::move(path))
    , m_partial(std::move(partial))
    , m_descriptor(descriptor)
{
}

AtomicFile::AtomicFile(AtomicFile&& other) noexcept
    : m_path(std::move(other.m_path))
    , m_partial(std::move(other.m_partial))
    , m_descriptor(std::exchange(other.m_descriptor, -1))
    , m_bytes(other.m_bytes)
    , m_checksum(std::move(other.m_checksum))
{
}

AtomicFile::~AtomicFile()
{
    if (m_descriptor >= 0) {
        ::close(m_descriptor);
        ::unlink(m_partial.c_str());
    }
}

Result<AtomicFile> AtomicFile::create(const std::filesystem::path& path)
{
    auto partial = partialName(path);
    const int descriptor = ::open(partial.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (descriptor < 0) {
        return cannotWrite(path, errno);
    }
    return AtomicFile(path, std::move(partial), descriptor);
}

Result<void> AtomicFile::write(std::span<const std::byte> bytes)
{
    m_bytes += bytes.size();
    m_checksum.add(bytes);
    while (!bytes.empty()) {
        const ssize_t written = ::write(m_descriptor, bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR) {
            continue;
        }
        if (written < 0) {
            return cannotWrite(m_path, errno);
        }
        bytes = bytes.subspan(static_cast<std::size_t>(written));
    }
    return {};
}

Result<void> AtomicFile::commit()
{
    if (::fsync(m_descriptor) != 0) {
        return cannotWrite(m_path, errno);
    }
    if (::rename(m_partial.c_str(), m_path.c_str()) != 0) {
        return cannotWrite(m_path, errno);
    }
    ::close(std::exchange(m_descriptor, -1));
    return syncDirectory(m_path.has_parent_path() ? m_path.parent_path() : ".");
}

Result<void> writeAtomically(const std::filesystem::path& path, std::string_view text)
{
    auto file = AtomicFile::create(path);
    if (!file) {
        return file.error();
    }
    if (auto written = file->write(text); !written) {
        return written;
    }
    return file->commit();
}

Result<void> syncDirectory(const std::filesystem::path& directory)
{
    const int descriptor = ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor < 0) {
        return cannotWrite(directory, errno);
    }
    const int result = ::fsync(descriptor);
    const int number = errno;
    ::close(descriptor);
    if (result != 0 && number != EINVAL) {
        return cannotWrite(directory, number);
    }
    return {};
}

Result<std::string> readText(const std::filesystem::path& path, std::size_t atMost)
{
    // Not mapped: a file that somebody cuts short while it is read must not end the program.
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (descriptor < 0) {
        return cannotRead(path, errno);
    }
    const Descriptor closesLast { descriptor };
    struct stat status {};
    if (::fstat(descriptor, &status) != 0 || !S_ISREG(status.st_mode)) {
        return Error { ErrorCode::Data, "is no regular file", path.string() };
    }
    std::string text;
    std::array<char, 65536> piece {};
    while (text.size() <= atMost) {
        const auto got = ::read(descriptor, piece.data(), piece.size());
        if (got == 0) {
            return text;
        }
        if (got < 0 && errno != EINTR) {
            return cannotRead(path, errno);
        }
        text.append(piece.data(), static_cast<std::size_t>(std::max<::ssize_t>(got, 0)));
    }
    return Error { ErrorCode::Data,
        "is larger than " + bytesToText(static_cast<std::int64_t>(atMost)) + ", which no file of this kind should be",
        path.string() };
}

} // namespace dubito
