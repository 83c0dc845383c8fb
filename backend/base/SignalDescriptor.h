// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/base/Error.h"

#include <chrono>
#include <optional>

namespace dubito {

/// Signals as a readable descriptor: no handler runs, nothing has to be async-signal-safe.
///
/// Made in main() before the first thread exists, so that every thread inherits the blocked signals:
/// SIGINT, SIGTERM, SIGHUP and SIGUSR1.
class SignalDescriptor {
public:
    static Result<SignalDescriptor> create();

    SignalDescriptor(SignalDescriptor&& other) noexcept;
    SignalDescriptor& operator=(SignalDescriptor&&) = delete;
    ~SignalDescriptor();

    /// The number of the next signal, or nothing when none came in time. One waiting thread at a time.
    std::optional<int> wait(std::chrono::milliseconds atMost) const;

    /// As wait(), and ends early when the other descriptor becomes readable; -1: there is none.
    std::optional<int> waitBeside(int other, std::chrono::milliseconds atMost) const;

private:
    explicit SignalDescriptor(int descriptor) : m_descriptor(descriptor) { }

    int m_descriptor = -1;
};

} // namespace dubito
