// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/session/Heartbeat.h"

#include "backend/base/AtomicFile.h"
#include "backend/base/CrashNote.h"
#include "backend/base/Text.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <functional>
#include <nlohmann/json.hpp>
#include <optional>
#include <unistd.h>
#include <utility>

namespace dubito::session {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kBytes = 4096;

/// The file begins with the number that a crash note overwrites: two digits, right here.
constexpr std::string_view kHead = R"({"crash_signal":)";

std::int64_t millisecondsOf(std::chrono::system_clock::time_point time)
{
    return std::chrono::duration_cast<std::chrono::milliseconds>(time.time_since_epoch()).count();
}

std::string page(const Vitals& vitals, std::size_t longestWords)
{
    const auto cut = [&](const std::string& words) { return words.substr(0, longestWords); };
    const Json rest { { "process", vitals.process }, { "boot", vitals.boot }, { "wall", millisecondsOf(vitals.wall) },
        { "state", vitals.state }, { "activity", cut(vitals.activity) }, { "step", vitals.step },
        { "total_steps", vitals.totalSteps }, { "saved_step", vitals.savedStep }, { "resident", vitals.resident },
        { "available", vitals.available }, { "limit", vitals.limit }, { "level", static_cast<int>(vitals.level) },
        { "pressure", static_cast<int>(vitals.pressure) }, { "leak", cut(vitals.leak) },
        { "oom_group", vitals.oomKills.group }, { "oom_in_group", vitals.oomKills.inGroup },
        { "oom_on_machine", vitals.oomKills.onMachine }, { "stop_signals", vitals.stopSignals },
        { "last_signal", vitals.lastSignal }, { "ending", static_cast<int>(vitals.ending) },
        { "problem", cut(vitals.problem) } };
    const std::string body = rest.dump(-1, ' ', false, Json::error_handler_t::replace);
    // Two places for the crash note: JSON allows blanks before a number, and no leading zero.
    return std::string(kHead) + " 0," + body.substr(1);
}

void write(int descriptor, const Vitals& vitals)
{
    for (const std::size_t longestWords : { std::size_t { 700 }, std::size_t { 60 } }) {
        std::string text = page(vitals, longestWords);
        if (text.size() < kBytes) {
            text.resize(kBytes - 1, ' ');
            text += '\n';
            [[maybe_unused]] const auto written = ::pwrite(descriptor, text.data(), text.size(), 0);
            return;
        }
    }
}

std::int64_t wholeOf(const Json& line, const char* key, std::int64_t otherwise)
{
    const auto found = line.find(key);
    return found != line.end() && found->is_number() ? toWholeNumber(found->get<double>()) : otherwise;
}

std::string wordsOf(const Json& line, const char* key)
{
    const auto found = line.find(key);
    return found != line.end() && found->is_string() ? found->get<std::string>() : std::string();
}

/// A number of the file as one of the `count` values of an enumeration; the first when it is none.
template <typename Enum>
Enum choiceOf(const Json& line, const char* key, std::int64_t count)
{
    const std::int64_t number = wholeOf(line, key, 0);
    return static_cast<Enum>(number >= 0 && number < count ? number : 0);
}

} // namespace

Heartbeat::~Heartbeat()
{
    m_state.update([](State& state) {
        if (state.descriptor >= 0) {
            setCrashNotePlace(-1, 0);
            ::close(std::exchange(state.descriptor, -1));
        }
    });
}

Result<void> Heartbeat::open(const std::filesystem::path& runFolder)
{
    const auto path = heartbeatFile(runFolder);
    const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    if (descriptor < 0) {
        return Error { ErrorCode::Output, std::string("the heartbeat cannot be written: ") + std::strerror(errno),
            path.string() };
    }
    m_state.update([&](State& state) {
        if (state.descriptor >= 0) {
            ::close(state.descriptor);
        }
        state = {};
        state.descriptor = descriptor;
    });
    setCrashNotePlace(descriptor, static_cast<off_t>(kHead.size()));
    return {};
}

bool Heartbeat::isBeating() const
{
    return m_state.read([](const State& state) { return state.descriptor >= 0; });
}

void Heartbeat::beat(Vitals vitals)
{
    vitals.process = ::getpid();
    m_state.update([&](State& state) {
        if (state.descriptor < 0) {
            return;
        }
        vitals.stopSignals = state.last.stopSignals;
        vitals.lastSignal = state.last.lastSignal;
        state.last = std::move(vitals);
        write(state.descriptor, state.last);
        if (state.last.ending != train::Ending::None) {
            setCrashNotePlace(-1, 0);
            ::close(std::exchange(state.descriptor, -1));
        }
    });
}

void Heartbeat::noteSignal(int number)
{
    m_state.update([&](State& state) {
        ++state.last.stopSignals;
        state.last.lastSignal = number;
        if (state.descriptor >= 0) {
            write(state.descriptor, state.last);
        }
    });
}

std::filesystem::path heartbeatFile(const std::filesystem::path& runFolder) { return runFolder / "heartbeat.json"; }

std::vector<std::filesystem::path> newestRuns(const std::filesystem::path& runs)
{
    std::vector<std::pair<std::filesystem::file_time_type, std::filesystem::path>> found;
    std::error_code problem;
    for (const auto& entry : std::filesystem::directory_iterator(runs, problem)) {
        const auto time = std::filesystem::last_write_time(heartbeatFile(entry.path()), problem);
        if (!problem) {
            found.emplace_back(time, entry.path());
        }
    }
    std::ranges::sort(found, std::greater());
    std::vector<std::filesystem::path> folders;
    for (auto& [time, folder] : found) {
        folders.push_back(std::move(folder));
    }
    return folders;
}

Result<Vitals> readHeartbeat(const std::filesystem::path& runFolder)
{
    const auto path = heartbeatFile(runFolder);
    std::error_code problem;
    if (!std::filesystem::is_regular_file(path, problem)) {
        return Error { ErrorCode::NotFound, "there is no heartbeat", path.string() };
    }
    const auto text = readText(path, kBytes * 4);
    const auto line = text ? Json::parse(*text, nullptr, false) : Json();
    if (!line.is_object() || !line.contains("state")) {
        return Error { ErrorCode::Data, "the heartbeat makes no sense", path.string() };
    }
    Vitals vitals;
    vitals.crashSignal = wholeOf(line, "crash_signal", 0);
    vitals.process = wholeOf(line, "process", 0);
    vitals.boot = wordsOf(line, "boot");
    constexpr std::int64_t kLatest = std::int64_t { 200 } * 366 * 24 * 3600 * 1000;
    vitals.wall = std::chrono::system_clock::time_point(
        std::chrono::milliseconds(std::clamp<std::int64_t>(wholeOf(line, "wall", 0), 0, kLatest)));
    vitals.state = wordsOf(line, "state");
    vitals.activity = wordsOf(line, "activity");
    vitals.step = wholeOf(line, "step", 0);
    vitals.totalSteps = wholeOf(line, "total_steps", 0);
    vitals.savedStep = wholeOf(line, "saved_step", -1);
    vitals.resident = wholeOf(line, "resident", -1);
    vitals.available = wholeOf(line, "available", -1);
    vitals.limit = wholeOf(line, "limit", -1);
    vitals.level = choiceOf<memory::Level>(line, "level", 4);
    vitals.pressure = choiceOf<memory::Pressure>(line, "pressure", 4);
    vitals.leak = wordsOf(line, "leak");
    vitals.oomKills = { .inGroup = wholeOf(line, "oom_in_group", -1), .onMachine = wholeOf(line, "oom_on_machine", -1),
        .group = wordsOf(line, "oom_group") };
    vitals.stopSignals = wholeOf(line, "stop_signals", 0);
    vitals.lastSignal = wholeOf(line, "last_signal", 0);
    vitals.ending = choiceOf<train::Ending>(line, "ending", 6);
    vitals.problem = wordsOf(line, "problem");
    return vitals;
}

std::string bootIdentity(const std::filesystem::path& root)
{
    std::ifstream in(root / "proc/sys/kernel/random/boot_id");
    std::string identity;
    in >> identity;
    return identity;
}

} // namespace dubito::session
