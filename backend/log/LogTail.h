// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/base/Guarded.h"
#include "backend/base/Ring.h"
#include "backend/log/LogLine.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace dubito::log {

std::optional<LogLevel> toLevel(std::string_view word);

/// The newest lines of the log, for the window. Bounded; any thread.
class LogTail {
public:
    /// Requires: capacity > 0.
    explicit LogTail(std::size_t capacity = 2000);

    /// Gives the line its id and keeps it; the oldest goes when there is no room. Returns the id.
    std::uint64_t add(LogLine line);

    /// At most `count` lines, oldest first.
    std::vector<LogLine> newest(std::size_t count) const;

    /// The lines after `id` that are still here, oldest first, at most `atMost` of them: the newest ones.
    std::vector<LogLine> newerThan(std::uint64_t id, std::size_t atMost = 256) const;

    /// The id of the newest line; 0 when there was none.
    std::uint64_t newestId() const;

    /// Lines that were overwritten since the start; they are still in the file.
    std::uint64_t lost() const;

private:
    struct Lines {
        Ring<LogLine> kept;
        std::uint64_t newestId = 0;
    };

    Guarded<Lines> m_lines;
};

} // namespace dubito::log
