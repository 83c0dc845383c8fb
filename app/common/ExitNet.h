// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/session/SessionApi.h"

namespace dubito::app {

/// While it lives, a program that is about to be ended by a library (Qt calls exit() when the display server is gone) lets the
/// run save and stop first: exit code 75, and how to go on is said. Main thread, one at a time.
class ExitNet {
public:
    explicit ExitNet(session::SessionApi& session);
    ~ExitNet();

    ExitNet(const ExitNet&) = delete;
    ExitNet& operator=(const ExitNet&) = delete;

    /// Saves and ends the program now; returns when no run goes on, or no net is there.
    static void saveAndEnd();
};

} // namespace dubito::app
