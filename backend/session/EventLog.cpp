// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/session/EventLog.h"

#include "backend/base/Text.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <fstream>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>
#include <unistd.h>

namespace dubito::session {

namespace {

using Json = nlohmann::ordered_json;

/// Keys of their own in a line; every other number of the event stands in the same object.
constexpr std::array<std::string_view, 6> kOwnKeys { "step", "time", "kind", "cause", "message", "wall" };

/// More than any event takes.
constexpr std::size_t kLongestLine = std::size_t { 64 } << 10;

/// More than the remembered events take.
constexpr std::streamoff kTail = std::streamoff { 4 } << 20;

double secondsOf(std::chrono::milliseconds time) { return static_cast<double>(time.count()) / 1000.0; }

/// A time of day that a clock can hold, whatever the file says: within 200 years of 1970.
std::chrono::system_clock::time_point wallOf(double milliseconds)
{
    constexpr double kLatest = 200.0 * 366 * 24 * 3600 * 1000;
    return std::chrono::system_clock::time_point(
        std::chrono::milliseconds(toWholeNumber(std::clamp(milliseconds, -kLatest, kLatest))));
}

std::optional<EventKind> toKind(const std::string& word)
{
    const auto found = std::ranges::find(kEventKindWords, word);
    if (found == kEventKindWords.end()) {
        return std::nullopt;
    }
    return static_cast<EventKind>(found - kEventKindWords.begin());
}

/// One write of one line at the end of the file: two processes cannot mix theirs, a kill tears only the last, and what a
/// full disk has cut is taken back. 0, or the number of the error.
int appendLine(const std::filesystem::path& path, const std::string& line)
{
    // Without O_NONBLOCK a named pipe that nobody reads would hold the program for ever.
    const int descriptor = ::open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NONBLOCK, 0644);
    if (descriptor < 0) {
        return errno;
    }
    const auto length = static_cast<ssize_t>(line.size());
    const ssize_t written = ::write(descriptor, line.data(), line.size());
    int number = written < 0 ? errno : 0;
    if (written > 0 && written < length) {
        number = ENOSPC;
        [[maybe_unused]] const int cut = ::ftruncate(descriptor, ::lseek(descriptor, 0, SEEK_END) - written);
    }
    ::close(descriptor);
    return number;
}

Error cannotWrite(const std::filesystem::path& path, int number)
{
    const bool isForFiles = number == EMFILE || number == ENFILE;
    return { ErrorCode::Output,
        fmt::format("events cannot be written: {}; {}", std::strerror(number),
            isForFiles ? "raise the limit of open files (ulimit -n)" : "free some space or choose another --output"),
        path.string() };
}

/// A kill may have left half a line: the next one must not be glued to it.
void endTornLine(const std::filesystem::path& path)
{
    std::ifstream in(path, std::ios::binary | std::ios::ate);
    if (!in || in.tellg() <= 0) {
        return;
    }
    in.seekg(-1, std::ios::end);
    if (in.get() != '\n') {
        appendLine(path, "\n");
    }
}

/// Line by line, in memory that has an end: one that is longer than any event is passed over.
void readLines(std::istream& in, const std::function<void(const std::string&)>& onLine)
{
    std::string buffer(kLongestLine, '\0');
    for (;;) {
        in.getline(buffer.data(), static_cast<std::streamsize>(buffer.size()));
        const auto got = static_cast<std::size_t>(in.gcount());
        if (in.bad() || got == 0) {
            return;
        }
        if (in.fail()) {
            in.clear(in.rdstate() & ~std::ios::failbit);
            in.ignore(std::numeric_limits<std::streamsize>::max(), '\n');
            continue;
        }
        onLine(buffer.substr(0, in.eof() ? got : got - 1));
        if (in.eof()) {
            return;
        }
    }
}

/// The newest events of a file, oldest first: its end alone is read, however long the run was.
Ring<Event> newestIn(const std::filesystem::path& path)
{
    Ring<Event> events(EventLog::kRemembered);
    std::ifstream in(path, std::ios::binary | std::ios::ate);
    const std::streamoff size = in ? std::streamoff(in.tellg()) : 0;
    in.seekg(std::max<std::streamoff>(0, size - kTail));
    if (size > kTail) {
        in.ignore(kTail, '\n'); // the rest of a line that began before
    }
    readLines(in, [&](const std::string& line) {
        if (auto event = parseEvent(line)) {
            events.push(std::move(*event));
        }
    });
    return events;
}

} // namespace

std::string toJson(const Event& event)
{
    Json line { { "step", event.step }, { "time", secondsOf(event.time) }, { "kind", toWord(event.kind) },
        { "cause", event.cause }, { "before_mb", nullptr }, { "after_mb", nullptr }, { "seconds", nullptr },
        { "message", event.text } };
    for (const auto& [name, value] : event.numbers) {
        line[name] = value;
    }
    line["wall"] = std::chrono::duration_cast<std::chrono::milliseconds>(event.wall.time_since_epoch()).count();
    return line.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

Result<Event> parseEvent(const std::string& text)
{
    const auto line = Json::parse(text, nullptr, false);
    const auto no = Error { ErrorCode::Data, "is no event", "" };
    if (!line.is_object()) {
        return no;
    }
    const auto kind = line.contains("kind") && line["kind"].is_string() ? toKind(line["kind"]) : std::nullopt;
    if (!kind || !line.contains("step") || !line["step"].is_number() || !line.contains("time")
        || !line["time"].is_number()) {
        return no;
    }
    const auto textOf = [&](const char* key) {
        return line.contains(key) && line[key].is_string() ? line[key].get<std::string>() : std::string();
    };
    Event event;
    event.step = toWholeNumber(line["step"].get<double>());
    event.time = std::chrono::milliseconds(toWholeNumber(line["time"].get<double>() * 1000.0 + 0.5));
    event.kind = *kind;
    event.cause = textOf("cause");
    event.text = textOf("message");
    if (line.contains("wall") && line["wall"].is_number()) {
        event.wall = wallOf(line["wall"].get<double>());
    }
    constexpr std::size_t kMostNumbers = 8;
    for (const auto& [name, value] : line.items()) {
        const bool isOwn = std::ranges::find(kOwnKeys, name) != kOwnKeys.end();
        if (!isOwn && value.is_number() && event.numbers.size() < kMostNumbers) {
            event.numbers.emplace_back(name, value.get<double>());
        }
    }
    return event;
}

EventLog::EventLog(const Clock& clock) : m_clock(clock) { }

Result<void> EventLog::openFile(const std::filesystem::path& path)
{
    if (const int number = appendLine(path, ""); number != 0) {
        return cannotWrite(path, number);
    }
    std::error_code ignored;
    Ring<Event> known(kRemembered);
    if (std::filesystem::is_regular_file(path, ignored)) {
        endTornLine(path);
        known = newestIn(path);
    }
    m_state.update([&](State& state) {
        for (std::size_t i = 0; i < known.size(); ++i) {
            Event event = known[i];
            event.id = ++state.newestId;
            event.isEarlier = true;
            state.events.push(std::move(event));
        }
        state.file = path;
    });
    return {};
}

Result<void> EventLog::restoreFile()
{
    const auto [path, events] = m_state.read([](const State& state) { return std::pair(state.file, state.events.toVector()); });
    std::error_code problem;
    if (path.empty() || std::filesystem::exists(path, problem) || problem) {
        return {};
    }
    std::string lines;
    for (const Event& event : events) {
        lines += toJson(event);
    }
    const int number = appendLine(path, lines);
    return number == 0 ? Result<void>() : cannotWrite(path, number);
}

void EventLog::closeFile()
{
    m_state.update([](State& state) { state.file.clear(); });
}

void EventLog::clear()
{
    m_state.update([](State& state) { state.events.clear(); });
}

std::uint64_t EventLog::add(Event event)
{
    event.wall = m_clock.wall();
    const auto [id, file] = m_state.update([&](State& state) {
        event.id = ++state.newestId;
        state.events.push(event);
        return std::pair(event.id, state.file);
    });
    if (!file.empty() && appendLine(file, toJson(event)) != 0) {
        m_state.update([](State& state) { ++state.failedWrites; });
    }
    return id;
}

std::vector<Event> EventLog::newest() const
{
    return m_state.read([](const State& state) { return state.events.toVector(); });
}

void EventLog::newestInto(std::vector<Event>& kept) const
{
    m_state.read([&](const State& state) {
        const bool isNewest = kept.size() == state.events.size()
            && (kept.empty() || kept.back().id == state.events.newest().id);
        if (!isNewest) {
            state.events.copyInto(kept);
        }
    });
}

std::uint64_t EventLog::newestId() const
{
    return m_state.read([](const State& state) { return state.newestId; });
}

std::uint64_t EventLog::failedWrites() const
{
    return m_state.read([](const State& state) { return state.failedWrites; });
}

Result<void> readEvents(const std::filesystem::path& path, const std::function<void(Event)>& onEvent)
{
    std::error_code ignored;
    std::ifstream in;
    if (std::filesystem::is_regular_file(path, ignored)) {
        in.open(path, std::ios::binary);
    }
    if (!in.is_open()) {
        return Error { ErrorCode::NotFound, "there are no events to read", path.string() };
    }
    readLines(in, [&](const std::string& line) {
        if (auto event = parseEvent(line)) {
            onEvent(std::move(*event));
        }
    });
    return {};
}

} // namespace dubito::session
