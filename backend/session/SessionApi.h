// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/base/Error.h"
#include "backend/session/Command.h"
#include "backend/session/Snapshot.h"

namespace dubito::session {

/// The two doors of the backend. A live session, a recorded run and later a trainer in another process stand behind them.
class SessionApi {
public:
    virtual ~SessionApi() = default;

    /// A copy of everything one may see. Any thread; waits for no more than a copy.
    virtual Snapshot snapshot() const = 0;

    /// The same into a snapshot that is kept, whose memory is used again: one who looks five times a second takes none.
    /// `kept` is a fresh snapshot, or one that this session filled before.
    virtual void snapshotInto(Snapshot& kept) const { kept = snapshot(); }

    /// Puts a command in the queue; it is taken up at the next step boundary. Any thread, returns at once.
    /// ErrorCode::Refused, with the reason, when it does not fit the present state or the queue is full.
    virtual Result<void> post(Command command) = 0;
};

} // namespace dubito::session
