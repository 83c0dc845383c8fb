// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/WorkProgress.h"

#include "app/common/Console.h"
#include "backend/base/Text.h"

#include <fmt/format.h>

#include <csignal>
#include <cstdio>

namespace dubito::app {

namespace {

constexpr std::chrono::milliseconds kOnTerminal(200);
constexpr std::chrono::seconds kInLog(10);
constexpr int kBarWidth = 12;

/// Before this share of the work is done, nobody knows how long it takes.
constexpr double kSmallestShare = 0.01;

} // namespace

std::string workLine(const std::string& activity, double share, std::chrono::nanoseconds elapsed)
{
    std::string line = fmt::format("{} {:3.0f} %  {}", progressBar(share, kBarWidth), 100 * share, activity);
    if (share >= kSmallestShare && share < 1) {
        const double seconds = std::chrono::duration<double>(elapsed).count();
        line += fmt::format("  {} left", durationToText(seconds * (1 - share) / share));
    }
    return line;
}

WorkProgress::WorkProgress(Progress::Form form, const Clock& clock)
    : m_form(form)
    , m_clock(clock)
    , m_begun(clock.now())
    , m_shown(clock.now())
{
}

void WorkProgress::show(const std::string& activity, double share)
{
    const auto now = m_clock.now();
    const bool isTerminal = m_form == Progress::Form::Terminal;
    if (now - m_shown < (isTerminal ? std::chrono::nanoseconds(kOnTerminal) : std::chrono::nanoseconds(kInLog))) {
        return;
    }
    m_shown = now;
    const std::string line = workLine(activity, share, now - m_begun);
    if (isTerminal) {
        say(stderr, "\r\033[K{}", line);
        std::fflush(stderr);
    } else {
        say(stderr, "{}\n", line);
    }
}

void WorkProgress::finish() const
{
    if (m_form == Progress::Form::Terminal) {
        say(stderr, "\r\033[K");
    }
}

void stopOnSignal(const SignalDescriptor& signals, std::stop_source& stop)
{
    const auto signal = signals.wait(std::chrono::milliseconds(0));
    if (signal && (*signal == SIGINT || *signal == SIGTERM)) {
        stop.request_stop();
    }
}

} // namespace dubito::app
