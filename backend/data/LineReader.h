// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/base/Error.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string_view>
#include <vector>

namespace dubito::data {

/// The lines of one file, in order, through a buffer of its own: memory depends on the longest line that is allowed, never
/// on the file.
///
/// A line ends at "\n" or with the file; nothing else ends it. A byte order mark at the beginning of the file is passed
/// over. A line longer than allowed is reported once, then thrown away in pieces. One thread.
class LineReader {
public:
    enum class Kind : std::uint8_t {
        Line, ///< `text` is valid until the next call, and kPadding bytes behind it may be read
        TooLong, ///< line `number` is longer than allowed
        Skipping, ///< a piece of that line was passed over
        End,
    };

    struct Line {
        Kind kind = Kind::End;
        std::int64_t number = 0; ///< 1-based
        std::string_view text; ///< without "\n"
    };

    static constexpr std::size_t kPadding = 64;

    /// An Error when the file is absent, unreadable or not a regular file.
    static Result<LineReader> open(const std::filesystem::path& path, std::size_t maxLineBytes);

    LineReader(LineReader&& other) noexcept;
    LineReader& operator=(LineReader&& other) noexcept;
    ~LineReader();

    /// Does at most one buffer's worth of work, so that a caller can look at its stop token between two calls.
    Result<Line> next();

    /// Bytes taken from the file so far.
    std::int64_t bytesRead() const { return m_bytesRead; }

    /// What the buffer occupies now: 256 KiB, and more only around a long line.
    std::size_t bufferBytes() const { return m_buffer.capacity(); }

private:
    LineReader(std::filesystem::path path, int descriptor, std::size_t maxLineBytes);

    std::size_t room() const { return m_buffer.size() - kPadding; }
    Line take(std::size_t end, std::size_t next);
    Result<Line> skip();
    Result<void> fill();
    void makeRoom();

    std::filesystem::path m_path;
    int m_descriptor = -1;
    std::size_t m_maxLineBytes;
    std::vector<char> m_buffer;
    std::size_t m_begin = 0; ///< of the line at hand
    std::size_t m_scanned = 0; ///< no "\n" in [m_begin, m_scanned)
    std::size_t m_end = 0; ///< of what was read
    std::int64_t m_bytesRead = 0;
    std::int64_t m_number = 0;
    bool m_atEnd = false;
    bool m_skipping = false;
};

} // namespace dubito::data
