// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/data/SpillFile.h"

#include "backend/base/Check.h"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <string>
#include <sys/mman.h>
#include <unistd.h>
#include <utility>

namespace dubito::data {

namespace {

constexpr std::size_t kBufferBytes = std::size_t { 256 } << 10;
/// The kernel maps cached neighbours of a touched page, 16 pages at a time.
constexpr std::size_t kFaultAround = std::size_t { 64 } << 10;

Error cannotWrite(const std::filesystem::path& folder, int number)
{
    const char* advice = number == ENOSPC ? "; free some space there, or choose another output folder" : "";
    return { ErrorCode::Output, std::string("cannot hold a temporary file: ") + std::strerror(number) + advice,
        folder.string() };
}

/// A descriptor of a file without a name. Not every file system knows O_TMPFILE.
int openNameless(const std::filesystem::path& folder)
{
    int descriptor = ::open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (descriptor < 0 && (errno == EOPNOTSUPP || errno == EISDIR || errno == EINVAL)) {
        std::string name = (folder / ".spill-XXXXXX").string();
        descriptor = ::mkostemp(name.data(), O_CLOEXEC);
        if (descriptor >= 0) {
            ::unlink(name.c_str());
        }
    }
    return descriptor;
}

} // namespace

Result<SpillFile> SpillFile::create(const std::filesystem::path& folder)
{
    const int descriptor = openNameless(folder);
    if (descriptor < 0) {
        return cannotWrite(folder, errno);
    }
    return SpillFile(folder, descriptor);
}

SpillFile::SpillFile(std::filesystem::path folder, int descriptor)
    : m_folder(std::move(folder))
    , m_descriptor(descriptor)
{
    m_buffer.reserve(kBufferBytes);
}

SpillFile::SpillFile(SpillFile&& other) noexcept { swap(other); }

SpillFile& SpillFile::operator=(SpillFile&& other) noexcept
{
    SpillFile(std::move(other)).swap(*this);
    return *this;
}

SpillFile::~SpillFile()
{
    unmap();
    if (m_descriptor >= 0) {
        ::close(m_descriptor);
    }
}

void SpillFile::swap(SpillFile& other) noexcept
{
    std::swap(m_folder, other.m_folder);
    std::swap(m_descriptor, other.m_descriptor);
    std::swap(m_buffer, other.m_buffer);
    std::swap(m_written, other.m_written);
    std::swap(m_size, other.m_size);
    std::swap(m_data, other.m_data);
    std::swap(m_sealed, other.m_sealed);
    std::swap(m_touched, other.m_touched);
    std::swap(m_drops, other.m_drops);
}

void SpillFile::unmap()
{
    if (m_data != nullptr) {
        ::munmap(m_data, m_size);
        m_data = nullptr;
    }
}

Result<std::uint64_t> SpillFile::append(std::span<const std::byte> bytes)
{
    CHECK(!m_sealed, "a sealed SpillFile was appended to");
    const std::uint64_t offset = m_size;
    while (!bytes.empty()) {
        const std::size_t count = std::min(bytes.size(), kBufferBytes - m_buffer.size());
        m_buffer.insert(m_buffer.end(), bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(count));
        bytes = bytes.subspan(count);
        m_size += count;
        if (m_buffer.size() == kBufferBytes) {
            if (auto flushed = flush(); !flushed) {
                return flushed.error();
            }
        }
    }
    return offset;
}

Result<void> SpillFile::flush()
{
    std::size_t done = 0;
    while (done < m_buffer.size()) {
        const ssize_t count
            = ::pwrite(m_descriptor, m_buffer.data() + done, m_buffer.size() - done, static_cast<off_t>(m_written));
        if (count < 0 && errno == EINTR) {
            continue;
        }
        if (count < 0) {
            return cannotWrite(m_folder, errno);
        }
        done += static_cast<std::size_t>(count);
        m_written += static_cast<std::uint64_t>(count);
    }
    m_buffer.clear();
    return {};
}

Result<void> SpillFile::seal()
{
    CHECK(!m_sealed, "a SpillFile was sealed twice");
    if (auto flushed = flush(); !flushed) {
        return flushed.error();
    }
    std::vector<std::byte>().swap(m_buffer);
    if (m_size > 0) {
        void* data = ::mmap(nullptr, m_size, PROT_READ, MAP_SHARED, m_descriptor, 0);
        if (data == MAP_FAILED) {
            return cannotWrite(m_folder, errno);
        }
        m_data = static_cast<std::byte*>(data);
        // Documents are read in a shuffled order: reading ahead would only fill memory.
        ::madvise(m_data, m_size, MADV_RANDOM);
    }
    m_sealed = true;
    return {};
}

std::span<const std::byte> SpillFile::read(std::uint64_t offset, std::size_t size) const
{
    CHECK(m_sealed, "a SpillFile was read before it was sealed");
    CHECK(offset <= m_size && size <= m_size - offset, "a SpillFile was read outside its bytes");
    m_touched += size + kFaultAround;
    if (m_touched > kResidentLimit) {
        // Clean pages of a file: the kernel keeps them in its cache, we only stop holding them.
        ::madvise(m_data, m_size, MADV_DONTNEED);
        m_touched = size + kFaultAround;
        ++m_drops;
    }
    return { m_data + offset, size };
}

} // namespace dubito::data
