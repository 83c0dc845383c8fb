// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/session/CommandQueue.h"

#include <utility>

namespace dubito::session {

Result<void> CommandQueue::push(Command command)
{
    const bool taken = m_commands.update([&](Ring<Command>& commands) {
        if (commands.isFull()) {
            return false;
        }
        commands.push(std::move(command));
        return true;
    });
    if (!taken) {
        return Error { ErrorCode::Refused, "16 commands are waiting already; the run takes them at the next step", "" };
    }
    return {};
}

std::optional<Command> CommandQueue::pop()
{
    return m_commands.update([](Ring<Command>& commands) -> std::optional<Command> {
        if (commands.empty()) {
            return std::nullopt;
        }
        return commands.popOldest();
    });
}

void CommandQueue::wait(std::stop_token stop, std::chrono::nanoseconds atMost) const
{
    m_commands.waitFor(stop, atMost, [](const Ring<Command>& commands) { return !commands.empty(); });
}

std::size_t CommandQueue::size() const
{
    return m_commands.read([](const Ring<Command>& commands) { return commands.size(); });
}

void CommandQueue::clear()
{
    m_commands.update([](Ring<Command>& commands) { commands.clear(); });
}

} // namespace dubito::session
