// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/base/Error.h"
#include "backend/base/Guarded.h"
#include "backend/base/Ring.h"
#include "backend/session/Command.h"

#include <chrono>
#include <cstddef>
#include <optional>
#include <stop_token>

namespace dubito::session {

/// Commands on their way to the train thread; 16 at most, so that nobody can flood it. Any thread.
class CommandQueue {
public:
    static constexpr std::size_t kCapacity = 16;

    /// ErrorCode::Refused when it is full.
    Result<void> push(Command command);

    /// The oldest, or nothing.
    std::optional<Command> pop();

    /// Sleeps until there is a command, a stop is requested or the time is over.
    void wait(std::stop_token stop, std::chrono::nanoseconds atMost) const;

    /// Whether a command of this type waits.
    template <typename Wanted>
    bool holds() const
    {
        return m_commands.read([](const Ring<Command>& commands) {
            for (std::size_t i = 0; i < commands.size(); ++i) {
                if (std::holds_alternative<Wanted>(commands[i])) {
                    return true;
                }
            }
            return false;
        });
    }

    std::size_t size() const;
    void clear();

private:
    Guarded<Ring<Command>> m_commands { Ring<Command>(kCapacity) };
};

} // namespace dubito::session
