// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/RestartPolicy.h"

#include "app/common/ExitCode.h"

#include <algorithm>
#include <csignal>
#include <fmt/format.h>

namespace dubito::app {

namespace {

struct Row {
    std::string_view cause;
    bool (*applies)(const CommandEnd& end);
    std::string_view why;
};

/// What a restart cures; the first row that applies is the cause. Whatever no row knows ends the supervisor with it.
constexpr std::array kRows {
    Row { "leak", [](const CommandEnd& end) { return end.reason == StopReason::Leak; },
        "its memory leaked; a fresh process begins without it" },
    Row { "limit", [](const CommandEnd& end) { return end.reason == StopReason::Limit; },
        "its memory had passed the limit" },
    Row { "asked",
        [](const CommandEnd& end) { return !end.wasSignalled && end.exitCode == toInt(ExitCode::RestartWanted); },
        "it asked for a fresh process (exit code 100)" },
    Row { "oom",
        [](const CommandEnd& end) {
            return end.wasSignalled && end.exitCode == 128 + SIGKILL && end.hasOomStruck;
        },
        "the out-of-memory killer ended it" },
};

} // namespace

std::int64_t RestartPolicy::inLastHour(std::chrono::nanoseconds now) const
{
    std::int64_t count = 0;
    for (std::size_t i = 0; i < m_done.size(); ++i) {
        count += now - m_done[i] < std::chrono::hours(1) ? 1 : 0;
    }
    return count;
}

RestartAnswer RestartPolicy::judge(const CommandEnd& end, std::chrono::nanoseconds now)
{
    if (end.reason == StopReason::User) {
        return { Verdict::Done, "user", "ended on request", {} };
    }
    const auto row = std::ranges::find_if(kRows, [&](const Row& candidate) { return candidate.applies(end); });
    if (row == kRows.end()) {
        return { Verdict::Done, "exit", "ended by itself", {} };
    }
    const std::string cause(row->cause);
    if (m_restarts > 0 && !end.hasProgressed) {
        return { Verdict::GiveUp, cause, fmt::format("{}, but it made no progress since the last restart", row->why), {} };
    }
    const std::int64_t recent = inLastHour(now);
    if (recent >= m_rules.perHour) {
        return { Verdict::GiveUp, cause,
            fmt::format("{}, but {} restart{} in the last hour did not help for long", row->why, recent,
                recent == 1 ? "" : "s"),
            {} };
    }
    const auto doubled = m_rules.firstWait * (std::int64_t { 1 } << std::min<std::int64_t>(recent, 20));
    m_done.push(now);
    ++m_restarts;
    return { Verdict::Restart, cause, std::string(row->why), std::min(doubled, m_rules.longestWait) };
}

} // namespace dubito::app
