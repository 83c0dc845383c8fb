// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/base/Ring.h"

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace dubito::app {

/// Why the supervisor asked its command to end; None: it did not.
enum class StopReason : std::uint8_t { None, Leak, Limit, User };

/// How a supervised command ended, and what was known then.
struct CommandEnd {
    int exitCode = 0; ///< 128 + the signal that ended it
    bool wasSignalled = false;
    StopReason reason = StopReason::None;
    bool hasOomStruck = false; ///< the kernel counts an out-of-memory kill in its time, or does not count at all
    bool hasProgressed = true; ///< since it was started
};

enum class Verdict : std::uint8_t {
    Done, ///< its exit code is ours
    Restart,
    GiveUp, ///< a restart is wanted and would not help
};

struct RestartAnswer {
    Verdict verdict = Verdict::Done;
    std::string cause; ///< a word for the event: "leak", "limit", "oom", "asked"
    std::string why; ///< a sentence
    std::chrono::nanoseconds wait { 0 }; ///< before the restart
};

struct RestartRules {
    std::int64_t perHour = 5; ///< restarts in one hour
    std::chrono::nanoseconds firstWait { std::chrono::seconds(2) };
    std::chrono::nanoseconds longestWait { std::chrono::minutes(5) };
};

/// Decides what follows when a supervised command has ended: a table of causes, a budget per hour, a wait that doubles
/// with every restart of that hour, and no second restart without progress. No clock and no process of its own.
class RestartPolicy {
public:
    explicit RestartPolicy(const RestartRules& rules) : m_rules(rules) { }

    /// A restart that is answered is counted.
    RestartAnswer judge(const CommandEnd& end, std::chrono::nanoseconds now);

    std::int64_t restarts() const { return m_restarts; }

private:
    std::int64_t inLastHour(std::chrono::nanoseconds now) const;

    RestartRules m_rules;
    Ring<std::chrono::nanoseconds> m_done { 1000 };
    std::int64_t m_restarts = 0;
};

} // namespace dubito::app
