// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/session/Snapshot.h"

#include <chrono>
#include <cstdint>
#include <string>

namespace dubito::app {

/// "███░░░": as many of `width` columns full as the share says.
std::string progressBar(double share, int width);

/// One line that says how a run is doing: bar, step, loss, speed, memory, time left.
std::string progressLine(const session::Snapshot& snapshot, std::size_t columns);

/// Shows a run in the terminal: on a terminal one line that is rewritten, in a log a plain line every ten seconds; what
/// the preparation found out, once; and every event as a line of its own, but those of sessions before a resume. Why a
/// run failed is left to whoever ends the program.
class Progress {
public:
    enum class Form : std::uint8_t { Terminal, Lines };

    /// Of standard error.
    static Form detectForm();

    explicit Progress(Form form) : m_form(form) { }

    void show(const session::Snapshot& snapshot, std::chrono::nanoseconds now);

    /// Leaves the last line standing.
    void finish(const session::Snapshot& snapshot);

private:
    void showNotes(const session::Snapshot& snapshot);
    void showEvents(const session::Snapshot& snapshot);
    void clearLine() const;

    Form m_form;
    bool m_hasNoted = false;
    std::uint64_t m_lastEvent = 0;
    std::chrono::nanoseconds m_lastLine { 0 };
    std::string m_lastText;
};

} // namespace dubito::app
