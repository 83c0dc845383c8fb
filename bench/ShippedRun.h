// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/base/Clock.h"
#include "backend/memory/MemoryProbe.h"
#include "backend/session/Session.h"
#include "tests/support/TemporaryFolder.h"

namespace dubito::bench {

/// The run that ./run begins: a real session that trains the shipped model on the shipped corpus, with all threads there are,
/// in a folder that goes with the object.
class ShippedRun {
public:
    ShippedRun();

    session::SessionApi& session() { return m_session; }

    /// Steps that are done. A copy of the snapshot: not for a loop.
    std::int64_t step() const { return m_session.snapshot().run.step; }

private:
    TemporaryFolder m_folder;
    SystemClock m_clock;
    memory::LinuxMemoryProbe m_probe;
    session::Session m_session; // last: joined before what it uses is gone
};

} // namespace dubito::bench
