// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/base/Error.h"

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include <sys/types.h>

namespace dubito::app {

/// A command that was started to be watched, and everything it starts in turn.
///
/// It runs in a process group of its own, so that a Ctrl-C meant for the supervisor reaches it once and not twice, with
/// DUBITO_SUPERVISED=1 and no signal blocked. What it leaves behind becomes a child of this process, which is made the
/// reaper of its descendants. The destructor leaves nothing alive.
class SupervisedProcess {
public:
    /// ErrorCode::NotFound when the command cannot be executed.
    static Result<SupervisedProcess> start(const std::vector<std::string>& command);

    SupervisedProcess(SupervisedProcess&& other) noexcept;
    SupervisedProcess& operator=(SupervisedProcess&&) = delete;
    ~SupervisedProcess();

    pid_t id() const { return m_id; }

    /// Readable when the command has ended; to wait on beside other descriptors.
    int descriptor() const { return m_descriptor; }

    /// To the command alone: it knows best what to do with its own children.
    void signal(int number) const;

    /// To the command and everything below it.
    void signalAll(int number) const;

    /// The wait status of the command, once it has ended. Reaps whoever else has ended.
    std::optional<int> status();

    /// What it left behind when it ended is asked to end, and after `patience` made to.
    void endRemainder(std::chrono::milliseconds patience);

private:
    SupervisedProcess(pid_t id, int descriptor) : m_id(id), m_descriptor(descriptor) { }

    pid_t m_id = -1;
    int m_descriptor = -1;
    std::optional<int> m_status;
};

} // namespace dubito::app
