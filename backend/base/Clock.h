// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>

namespace dubito {

/// Time as an interface, so that a test can live a night in a microsecond (tests/support/ManualClock.h).
class Clock {
public:
    virtual ~Clock() = default;

    /// Monotonic; never jumps. Only differences mean something.
    virtual std::chrono::nanoseconds now() const = 0;

    /// The time of day, for people: file names, event lines.
    virtual std::chrono::system_clock::time_point wall() const = 0;
};

/// The clocks of the machine. Stateless; any thread.
class SystemClock final : public Clock {
public:
    std::chrono::nanoseconds now() const override
    {
        return std::chrono::steady_clock::now().time_since_epoch();
    }

    std::chrono::system_clock::time_point wall() const override { return std::chrono::system_clock::now(); }
};

} // namespace dubito
