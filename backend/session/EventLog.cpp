// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/session/EventLog.h"

#include "backend/base/Text.h"

#include <algorithm>
#include <fcntl.h>
#include <fstream>
#include <nlohmann/json.hpp>
#include <optional>
#include <unistd.h>

namespace dubito::session {

namespace {

using Json = nlohmann::ordered_json;

/// Keys of their own in a line; every other number of the event stands in the same object.
constexpr std::array<std::string_view, 6> kOwnKeys { "step", "time", "kind", "cause", "message", "wall" };

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

/// One write of one line at the end of the file: two processes cannot mix theirs, a kill tears only the last.
bool appendLine(const std::filesystem::path& path, const std::string& line)
{
    const int descriptor = ::open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0644);
    if (descriptor < 0) {
        return false;
    }
    const bool written = ::write(descriptor, line.data(), line.size()) == static_cast<ssize_t>(line.size());
    ::close(descriptor);
    return written;
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
    std::vector<Event> known;
    if (std::filesystem::exists(path)) {
        endTornLine(path);
        if (auto read = readEvents(path, [&](Event event) { known.push_back(std::move(event)); }); !read) {
            return read;
        }
    } else if (!appendLine(path, "")) {
        return Error { ErrorCode::Output, "events cannot be written; is the folder writable?", path.string() };
    }
    m_state.update([&](State& state) {
        for (Event& event : known) {
            event.id = ++state.newestId;
            event.isEarlier = true;
            state.events.push(std::move(event));
        }
        state.file = path;
    });
    return {};
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
    if (!file.empty() && !appendLine(file, toJson(event))) {
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
    std::ifstream in(path, std::ios::binary);
    if (!in) {
        return Error { ErrorCode::NotFound, "there are no events to read", path.string() };
    }
    for (std::string line; std::getline(in, line);) {
        if (auto event = parseEvent(line)) {
            onEvent(std::move(*event));
        }
    }
    return {};
}

} // namespace dubito::session
