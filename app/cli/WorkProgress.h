// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli/Progress.h"
#include "backend/base/Clock.h"
#include "backend/base/SignalDescriptor.h"

#include <chrono>
#include <stop_token>
#include <string>

namespace dubito::app {

/// "███░░░  24 %  monotone, honest labels  1:20 left": a piece of work that is not a run. Requires: 0 <= share <= 1.
std::string workLine(const std::string& activity, double share, std::chrono::nanoseconds elapsed);

/// Shows such work on standard error: on a terminal one line that is rewritten, at most five times a second; in a log a
/// plain line every ten seconds.
class WorkProgress {
public:
    WorkProgress(Progress::Form form, const Clock& clock);

    /// May be called as often as one likes.
    void show(const std::string& activity, double share);

    /// Takes the line away.
    void finish() const;

private:
    Progress::Form m_form;
    const Clock& m_clock;
    std::chrono::nanoseconds m_begun;
    std::chrono::nanoseconds m_shown;
};

/// Asks such work to stop when SIGINT or SIGTERM has come. Looks once and never waits: for every report of the work.
void stopOnSignal(const SignalDescriptor& signals, std::stop_source& stop);

} // namespace dubito::app
