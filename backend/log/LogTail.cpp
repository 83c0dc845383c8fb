// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/log/LogTail.h"

#include <algorithm>
#include <utility>

namespace dubito::log {

std::optional<LogLevel> toLevel(std::string_view word)
{
    const auto found = std::ranges::find(kLevelWords, word);
    if (found == kLevelWords.end()) {
        return std::nullopt;
    }
    return static_cast<LogLevel>(found - kLevelWords.begin());
}

LogTail::LogTail(std::size_t capacity)
    : m_lines(Lines { .kept = Ring<LogLine>(capacity) })
{
}

std::uint64_t LogTail::add(LogLine line)
{
    return m_lines.update([&](Lines& lines) {
        line.id = ++lines.newestId;
        lines.kept.push(std::move(line));
        return lines.newestId;
    });
}

std::vector<LogLine> LogTail::newest(std::size_t count) const
{
    return m_lines.read([&](const Lines& lines) { return lines.kept.newestOf(count); });
}

std::vector<LogLine> LogTail::newerThan(std::uint64_t id, std::size_t atMost) const
{
    return m_lines.read([&](const Lines& lines) {
        const std::uint64_t newer = lines.newestId > id ? lines.newestId - id : 0;
        return lines.kept.newestOf(static_cast<std::size_t>(std::min<std::uint64_t>(newer, atMost)));
    });
}

std::uint64_t LogTail::newestId() const
{
    return m_lines.read([](const Lines& lines) { return lines.newestId; });
}

std::uint64_t LogTail::lost() const
{
    return m_lines.read([](const Lines& lines) { return lines.kept.overwritten(); });
}

} // namespace dubito::log
