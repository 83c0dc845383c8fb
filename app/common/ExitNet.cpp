// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/common/ExitNet.h"

#include "app/common/Console.h"
#include "app/common/ExitCode.h"

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <thread>
#include <unistd.h>

namespace dubito::app {

namespace {

/// What an exit handler may know.
std::atomic<session::SessionApi*> g_session = nullptr;

} // namespace

/// Without the destructors of a program whose threads still run.
void ExitNet::saveAndEnd()
{
    auto* const session = g_session.exchange(nullptr);
    if (session == nullptr || !train::isActive(session->snapshot().run.state)) {
        return;
    }
    say(stderr, "dubito-dashboard: the window is gone from under the run, which is saved and stops\n");
    static_cast<void>(session->post(session::Stop { session::Cause::Signal }));
    auto run = session->snapshot().run;
    while (train::isActive(run.state)) {
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
        run = session->snapshot().run;
    }
    if (run.ending == train::Ending::Stopped) {
        say(stderr, "go on with dubito train --config {0}/run.yaml --resume --output {0}\n", run.runFolder);
    }
    ::_exit(toInt(toExitCode(run)));
}

ExitNet::ExitNet(session::SessionApi& session)
{
    static const bool isHung = std::atexit(saveAndEnd) == 0;
    g_session.store(isHung ? &session : nullptr);
}

ExitNet::~ExitNet() { g_session.store(nullptr); }

} // namespace dubito::app
