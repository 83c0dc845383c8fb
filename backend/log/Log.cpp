// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/log/Log.h"

#include "backend/base/Text.h"

#include <fmt/format.h>
#include <spdlog/details/log_msg.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/rotating_file_sink.h>
#include <spdlog/sinks/stdout_color_sinks.h>

#include <algorithm>
#include <cstdio>
#include <utility>

namespace dubito::log {

namespace {

constexpr const char* kPattern = "%Y-%m-%d %H:%M:%S.%e %^%-5l%$ [%n] %v";

std::atomic<Log*> g_channel = nullptr;

spdlog::level::level_enum toSpdlog(LogLevel level)
{
    switch (level) {
    case LogLevel::Debug:
        return spdlog::level::debug;
    case LogLevel::Info:
        return spdlog::level::info;
    case LogLevel::Warning:
        return spdlog::level::warn;
    case LogLevel::Error:
        break;
    }
    return spdlog::level::err;
}

/// Foreign text ends up in lines: no escape sequence may reach a terminal, no newline may forge a line.
std::string asLine(std::string_view text)
{
    std::string line = escaped(text.substr(0, kLongestText));
    if (text.size() > kLongestText || line.size() > kLongestText) {
        constexpr std::string_view kCut = " …";
        std::size_t end = std::min(line.size(), kLongestText - kCut.size());
        while (end > 0 && (static_cast<unsigned char>(line[end]) & 0xC0U) == 0x80U) {
            --end; // not in the middle of a character
        }
        line.resize(end);
        line += kCut;
    }
    return line;
}

} // namespace

/// The sinks have no lock of their own (null_mutex): the Guarded around them is the only one.
struct Log::Sinks {
    std::unique_ptr<spdlog::sinks::rotating_file_sink_st> file;
    std::unique_ptr<spdlog::sinks::stderr_color_sink_st> console;
};

const Clock& Log::systemClock()
{
    static const SystemClock clock;
    return clock;
}

Log::Log(LogOptions options, const Clock& clock)
    : m_clock(clock)
    , m_level(options.level)
    , m_tail(options.tailLines)
    , m_sinks(std::make_unique<Sinks>())
{
    setConsole(options.console);
    m_previous = g_channel.exchange(this);
}

Log::~Log()
{
    flush();
    g_channel.store(m_previous);
}

Result<void> Log::openFile(const std::filesystem::path& file, std::int64_t maxFileMb, std::int64_t files)
{
    try {
        const auto bytes = static_cast<std::size_t>(std::max<std::int64_t>(1, maxFileMb) * kMiB);
        const auto kept = static_cast<std::size_t>(std::max<std::int64_t>(0, files));
        auto sink = std::make_unique<spdlog::sinks::rotating_file_sink_st>(file.string(), bytes, kept);
        sink->set_pattern(kPattern);
        m_sinks.update([&](std::unique_ptr<Sinks>& sinks) { sinks->file = std::move(sink); });
        return {};
    } catch (const std::exception& problem) {
        return Error { ErrorCode::Output,
            fmt::format("the log cannot be written ({}); choose an output folder that is writable", problem.what()),
            file.string() };
    }
}

void Log::closeFile()
{
    m_sinks.update([](std::unique_ptr<Sinks>& sinks) { sinks->file.reset(); });
}

void Log::setConsole(Console console)
{
    m_sinks.update([&](std::unique_ptr<Sinks>& sinks) {
        if (console == Console::Off) {
            sinks->console.reset();
        } else if (!sinks->console) {
            sinks->console = std::make_unique<spdlog::sinks::stderr_color_sink_st>();
            sinks->console->set_pattern("%^%-5l%$ [%n] %v");
        }
    });
}

void Log::write(LogLevel level, Module module, std::string_view text)
{
    if (level < this->level()) {
        return;
    }
    LogLine line { .id = 0, .time = m_clock.wall(), .level = level, .module = module, .text = asLine(text) };
    const std::string_view name = toWord(module);
    const spdlog::details::log_msg message(
        line.time, spdlog::source_loc {}, { name.data(), name.size() }, toSpdlog(level), line.text);
    const bool written = m_sinks.update([&](std::unique_ptr<Sinks>& sinks) {
        try {
            if (sinks->console) {
                sinks->console->log(message);
            }
            if (sinks->file) {
                sinks->file->log(message);
                if (level > LogLevel::Debug) {
                    sinks->file->flush();
                }
            }
            return true;
        } catch (const std::exception&) {
            return false; // a full disk must not end a run; failedWrites() says so
        }
    });
    if (!written) {
        m_failedWrites.fetch_add(1, std::memory_order_relaxed);
    }
    m_tail.add(std::move(line));
}

void Log::flush()
{
    m_sinks.update([](std::unique_ptr<Sinks>& sinks) {
        try {
            if (sinks->file) {
                sinks->file->flush();
            }
        } catch (const std::exception&) {
            return; // as in write()
        }
    });
}

void setLevel(LogLevel level)
{
    if (Log* log = g_channel.load(); log != nullptr) {
        log->setLevel(level);
    }
}

Result<void> openFile(const std::filesystem::path& file, std::int64_t maxFileMb, std::int64_t files)
{
    Log* log = g_channel.load();
    return log != nullptr ? log->openFile(file, maxFileMb, files) : Result<void>();
}

void closeFile()
{
    if (Log* log = g_channel.load(); log != nullptr) {
        log->closeFile();
    }
}

void write(LogLevel level, Module module, std::string_view text)
{
    if (Log* log = g_channel.load(); log != nullptr) {
        log->write(level, module, text);
        return;
    }
    if (level >= LogLevel::Info) {
        // Not fmt::print(), which throws where nobody reads.
        const std::string line = fmt::format("{:5} [{}] {}\n", toWord(level), toWord(module), asLine(text));
        [[maybe_unused]] const auto written = std::fwrite(line.data(), 1, line.size(), stderr);
    }
}

} // namespace dubito::log
