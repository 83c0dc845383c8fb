// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/Progress.h"

#include "app/common/Console.h"
#include "backend/base/Text.h"

#include <algorithm>
#include <cstdio>
#include <fmt/format.h>
#include <optional>
#include <sys/ioctl.h>
#include <unistd.h>

namespace dubito::app {

namespace {

constexpr std::chrono::nanoseconds kBetweenLines = std::chrono::seconds(10);

std::optional<double> newest(const session::Snapshot& snapshot, metrics::Metric metric)
{
    for (const auto& series : snapshot.series) {
        if (series.metric == metric && !series.latest.empty()) {
            return series.latest.back().value;
        }
    }
    return std::nullopt;
}

std::string leakText(const memory::LeakVerdict& leak)
{
    switch (leak.decision) {
    case memory::Decision::Act:
    case memory::Decision::Warn:
        return fmt::format("LEAK {} {:.2f} MB/step", leak.blameWord, leak.mbPerStep);
    case memory::Decision::None:
        break;
    }
    return leak.nothingAbove > 0 ? fmt::format("no leak above {:.2f} MB/step", leak.nothingAbove) : "";
}

std::size_t terminalColumns()
{
    winsize size {};
    return ::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 100;
}

} // namespace

std::string progressBar(double share, int width)
{
    const int full = std::clamp(static_cast<int>(share * width), 0, width);
    std::string text;
    for (int i = 0; i < width; ++i) {
        text += i < full ? "█" : "░";
    }
    return text;
}

std::string progressLine(const session::Snapshot& snapshot, std::size_t columns)
{
    const auto& run = snapshot.run;
    if (run.state == train::RunState::Preparing) {
        return fmt::format("{} {:3.0f} %  {}", progressBar(run.preparedShare, 12), 100.0 * run.preparedShare, run.activity);
    }
    const double share = run.totalSteps > 0 ? static_cast<double>(run.step) / static_cast<double>(run.totalSteps) : 0.0;
    std::vector<std::string> parts { fmt::format("{} step {}/{}", progressBar(share, 12), countToText(run.step),
        countToText(run.totalSteps)) };
    if (const auto loss = newest(snapshot, metrics::Metric::CrossEntropy)) {
        parts.push_back(fmt::format("ce {:.3f}", *loss));
    }
    if (run.tokensPerSecond > 0) {
        parts.push_back(fmt::format("{} tok/s", countToText(static_cast<std::int64_t>(run.tokensPerSecond))));
    }
    if (run.state == train::RunState::Running) {
        parts.push_back(run.remaining.count() >= 0
                ? durationToText(static_cast<double>(run.remaining.count()) / 1000.0) + " left"
                : std::string());
    } else {
        parts.emplace_back(train::toWord(run.state));
    }
    if (snapshot.memory.latest.resident > 0) {
        parts.push_back("RSS " + bytesToText(snapshot.memory.latest.resident));
    }
    parts.push_back(leakText(snapshot.memory.leak));
    std::string line;
    for (const auto& part : parts) {
        // A bar character is three bytes and one column.
        const std::size_t barBytes = 12 * 2;
        if (!part.empty() && line.size() + part.size() + 2 <= columns + barBytes) {
            line += (line.empty() ? "" : "  ") + part;
        }
    }
    return line;
}

Progress::Form Progress::detectForm() { return ::isatty(STDERR_FILENO) == 1 ? Form::Terminal : Form::Lines; }

void Progress::clearLine() const
{
    if (m_form == Form::Terminal) {
        say(stderr, "\r\033[K");
    }
}

void Progress::showNotes(const session::Snapshot& snapshot)
{
    if (m_hasNoted || snapshot.run.notes.empty()) {
        return;
    }
    m_hasNoted = true;
    clearLine();
    for (const std::string& note : snapshot.run.notes) {
        say(stderr, "note: {}\n", note);
    }
}

void Progress::showEvents(const session::Snapshot& snapshot)
{
    for (const auto& event : snapshot.events) {
        if (event.id <= m_lastEvent) {
            continue;
        }
        m_lastEvent = event.id;
        if (!event.isEarlier && event.kind != session::EventKind::Fail) {
            clearLine();
            say(stderr, "[{}] {}: {}\n", durationToText(static_cast<double>(event.time.count()) / 1000.0),
                session::toWord(event.kind), event.text);
        }
    }
}

void Progress::show(const session::Snapshot& snapshot, std::chrono::nanoseconds now)
{
    showNotes(snapshot);
    showEvents(snapshot);
    if (!train::isActive(snapshot.run.state)) {
        return; // finish() has the last word
    }
    if (m_form == Form::Terminal) {
        clearLine();
        say(stderr, "{}", progressLine(snapshot, terminalColumns()));
        std::fflush(stderr);
        return;
    }
    if (m_lastLine.count() == 0 || now - m_lastLine >= kBetweenLines) {
        const auto text = progressLine(snapshot, 200);
        if (text != m_lastText) {
            say(stderr, "{}\n", text);
        }
        m_lastText = text;
        m_lastLine = now;
    }
}

void Progress::finish(const session::Snapshot& snapshot)
{
    showNotes(snapshot);
    showEvents(snapshot);
    clearLine();
    if (snapshot.run.step > 0) {
        say(stderr, "{}\n", progressLine(snapshot, 200));
    }
}

} // namespace dubito::app
