// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/base/Clock.h"
#include "backend/base/Error.h"
#include "backend/base/Guarded.h"
#include "backend/log/LogTail.h"

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

namespace dubito::log {

enum class Console : std::uint8_t { Off, On };

struct LogOptions {
    LogLevel level = LogLevel::Info;
    Console console = Console::On; ///< standard error, coloured on a terminal
    std::size_t tailLines = 2000;
};

/// Where the lines go: the tail for the window, standard error, and the rotated file of a run.
///
/// main() owns one, from before the first thread until after the last: while it lives, the free functions below write
/// to it; without one they write to standard error. A second Log takes over until it goes. Any thread. Writing never
/// fails for the caller: lines that a full disk refuses are counted and stay in the tail.
class Log {
public:
    explicit Log(LogOptions options = {}, const Clock& clock = systemClock());
    ~Log();

    Log(const Log&) = delete;
    Log& operator=(const Log&) = delete;

    /// Writes into `file` from now on; it is rotated at `maxFileMb` MiB and `files` old ones are kept.
    /// ErrorCode::Output when it cannot be opened; the lines then go where they went before.
    Result<void> openFile(const std::filesystem::path& file, std::int64_t maxFileMb, std::int64_t files);
    void closeFile();

    void setLevel(LogLevel level) { m_level.store(level, std::memory_order_relaxed); }
    LogLevel level() const { return m_level.load(std::memory_order_relaxed); }

    void setConsole(Console console);

    void write(LogLevel level, Module module, std::string_view text);
    void flush();

    const LogTail& tail() const { return m_tail; }

    /// Lines that did not reach the file.
    std::uint64_t failedWrites() const { return m_failedWrites.load(std::memory_order_relaxed); }

private:
    struct Sinks;

    static const Clock& systemClock();

    const Clock& m_clock;
    std::atomic<LogLevel> m_level;
    std::atomic<std::uint64_t> m_failedWrites = 0;
    LogTail m_tail;
    /// The one lock in the program under which something is written to a disk: it keeps lines whole and in order.
    Guarded<std::unique_ptr<Sinks>> m_sinks;
    Log* m_previous = nullptr;
};

void write(LogLevel level, Module module, std::string_view text);

/// The level of the Log that is written to now; nothing happens without one. Any thread.
void setLevel(LogLevel level);

/// As Log::openFile() and closeFile() of the Log that is written to now; without one nothing happens.
Result<void> openFile(const std::filesystem::path& file, std::int64_t maxFileMb, std::int64_t files);
void closeFile();

inline void debug(Module module, std::string_view text) { write(LogLevel::Debug, module, text); }
inline void info(Module module, std::string_view text) { write(LogLevel::Info, module, text); }
inline void warn(Module module, std::string_view text) { write(LogLevel::Warning, module, text); }
inline void error(Module module, std::string_view text) { write(LogLevel::Error, module, text); }

} // namespace dubito::log
