// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/data/LineReader.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <string>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace dubito::data {

namespace {

constexpr std::size_t kChunk = std::size_t { 256 } << 10;
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

Error cannotRead(const std::filesystem::path& path, int number)
{
    const ErrorCode code = number == ENOENT ? ErrorCode::NotFound : ErrorCode::Data;
    return { code, std::string("cannot be read: ") + std::strerror(number), path.string() };
}

} // namespace

Result<LineReader> LineReader::open(const std::filesystem::path& path, std::size_t maxLineBytes)
{
    // Without O_NONBLOCK a named pipe that nobody writes to would hold the program for ever.
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (descriptor < 0) {
        return cannotRead(path, errno);
    }
    struct stat status { };
    if (::fstat(descriptor, &status) != 0 || !S_ISREG(status.st_mode)) {
        ::close(descriptor);
        return Error { ErrorCode::Data, "is no regular file; save what it delivers to a file first", path.string() };
    }
    ::posix_fadvise(descriptor, 0, 0, POSIX_FADV_SEQUENTIAL);
    return LineReader(path, descriptor, maxLineBytes);
}

LineReader::LineReader(std::filesystem::path path, int descriptor, std::size_t maxLineBytes)
    : m_path(std::move(path))
    , m_descriptor(descriptor)
    , m_maxLineBytes(maxLineBytes)
    , m_buffer(kChunk + kPadding)
{
}

LineReader::LineReader(LineReader&& other) noexcept
    : m_path(std::move(other.m_path))
    , m_descriptor(std::exchange(other.m_descriptor, -1))
    , m_maxLineBytes(other.m_maxLineBytes)
    , m_buffer(std::move(other.m_buffer))
    , m_begin(other.m_begin)
    , m_scanned(other.m_scanned)
    , m_end(other.m_end)
    , m_bytesRead(other.m_bytesRead)
    , m_number(other.m_number)
    , m_atEnd(other.m_atEnd)
    , m_skipping(other.m_skipping)
{
}

LineReader& LineReader::operator=(LineReader&& other) noexcept
{
    if (this != &other) {
        std::destroy_at(this);
        std::construct_at(this, std::move(other));
    }
    return *this;
}

LineReader::~LineReader()
{
    if (m_descriptor >= 0) {
        ::close(m_descriptor);
    }
}

LineReader::Line LineReader::take(std::size_t end, std::size_t next)
{
    const Line line { Kind::Line, ++m_number, std::string_view(m_buffer.data() + m_begin, end - m_begin) };
    m_begin = next;
    m_scanned = next;
    return line.text.size() > m_maxLineBytes ? Line { Kind::TooLong, m_number, {} } : line;
}

Result<LineReader::Line> LineReader::next()
{
    if (m_skipping) {
        return skip();
    }
    for (;;) {
        const void* found = std::memchr(m_buffer.data() + m_scanned, '\n', m_end - m_scanned);
        if (found != nullptr) {
            const auto at = static_cast<std::size_t>(static_cast<const char*>(found) - m_buffer.data());
            return take(at, at + 1);
        }
        m_scanned = m_end;
        if (m_end - m_begin > m_maxLineBytes) {
            m_skipping = true;
            return Line { Kind::TooLong, ++m_number, {} };
        }
        if (m_atEnd) {
            return m_begin == m_end ? Line {} : take(m_end, m_end);
        }
        if (auto filled = fill(); !filled) {
            return filled.error();
        }
    }
}

Result<LineReader::Line> LineReader::skip()
{
    const void* found = std::memchr(m_buffer.data() + m_scanned, '\n', m_end - m_scanned);
    if (found != nullptr) {
        m_begin = static_cast<std::size_t>(static_cast<const char*>(found) - m_buffer.data()) + 1;
        m_scanned = m_begin;
        m_skipping = false;
    } else {
        m_begin = m_end;
        m_scanned = m_end;
        if (auto filled = fill(); !filled) {
            return filled.error();
        }
        m_skipping = !m_atEnd || m_begin < m_end;
    }
    return Line { Kind::Skipping, m_number, {} };
}

/// One read into the free part of the buffer.
Result<void> LineReader::fill()
{
    makeRoom();
    ssize_t count = -1;
    do {
        count = ::read(m_descriptor, m_buffer.data() + m_end, room() - m_end);
    } while (count < 0 && errno == EINTR);
    if (count < 0) {
        return cannotRead(m_path, errno);
    }
    const bool isFirst = m_bytesRead == 0;
    m_atEnd = count == 0;
    m_end += static_cast<std::size_t>(count);
    m_bytesRead += count;
    if (isFirst && std::string_view(m_buffer.data(), m_end).starts_with(kByteOrderMark)) {
        m_begin = kByteOrderMark.size();
        m_scanned = m_begin;
    }
    return {};
}

/// Moves what is left to the front; the buffer grows with a long line, and shrinks once that is gone.
void LineReader::makeRoom()
{
    const std::size_t kept = m_end - m_begin;
    std::size_t wanted = room();
    if (kept == room()) {
        wanted = std::min(2 * room(), std::max(m_maxLineBytes, kChunk) + kChunk);
    } else if (kept <= kChunk / 2) {
        wanted = kChunk;
    }
    if (wanted != room()) {
        std::vector<char> other(wanted + kPadding); // not resize(): it would take twice as much
        std::memcpy(other.data(), m_buffer.data() + m_begin, kept);
        m_buffer = std::move(other);
    } else if (m_begin > 0) {
        std::memmove(m_buffer.data(), m_buffer.data() + m_begin, kept);
    }
    m_scanned -= m_begin;
    m_begin = 0;
    m_end = kept;
}

} // namespace dubito::data
