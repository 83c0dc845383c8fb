// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/base/Clock.h"
#include "backend/base/Error.h"
#include "backend/base/Guarded.h"
#include "backend/base/Ring.h"
#include "backend/session/Event.h"

#include <filesystem>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace dubito::session {

/// One event as a line of events.jsonl, and back; a line that is none is an Error.
std::string toJson(const Event& event);
Result<Event> parseEvent(const std::string& line);

/// What happened to the run: the newest 512 in memory, all of them appended to events.jsonl. Any thread.
class EventLog {
public:
    static constexpr std::size_t kRemembered = 512;

    explicit EventLog(const Clock& clock);

    /// From now on events go to this file as well; the newest it holds already are remembered first (a resumed run).
    Result<void> openFile(const std::filesystem::path& path);

    /// Writes what is remembered into the file anew when somebody has removed it; nothing where it is in its place.
    Result<void> restoreFile();
    void closeFile();

    /// Ids go on, the rest is forgotten: another run begins.
    void clear();

    /// Gives the event its id and time of day, keeps and writes it. A disk that refuses is counted, not fatal: the run
    /// itself is worth more. The answer is the id.
    std::uint64_t add(Event event);

    std::vector<Event> newest() const;

    /// The same into a list that is kept; nothing is copied while it is the newest already.
    void newestInto(std::vector<Event>& kept) const;
    std::uint64_t newestId() const;
    std::uint64_t failedWrites() const;

private:
    struct State {
        Ring<Event> events { kRemembered };
        std::uint64_t newestId = 0;
        std::uint64_t failedWrites = 0;
        std::filesystem::path file;
    };

    const Clock& m_clock;
    Guarded<State> m_state;
};

/// Every event of a recorded run, oldest first; foreign lines, and such as no event has (64 KiB), are skipped.
Result<void> readEvents(const std::filesystem::path& path, const std::function<void(Event)>& onEvent);

} // namespace dubito::session
