// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/base/Error.h"

#include <functional>
#include <stop_token>
#include <string>
#include <thread>

namespace dubito {

/// A named thread that is asked to stop and joined, never killed. The only place where threads are born.
///
/// The owner has it as its *last* member, so that it is joined before anything it uses is gone. Its work looks at the
/// stop token once per unit. Whatever the work throws becomes an Error and goes to `onFailure`, on this thread.
class Worker {
public:
    using Work = std::function<void(std::stop_token)>;
    using OnFailure = std::function<void(Error)>;

    /// No thread yet; assign one later.
    Worker() = default;

    /// Starts at once. `name` is shown by the system's tools, cut at 15 characters.
    Worker(std::string name, Work work, OnFailure onFailure);

    Worker(Worker&&) = default;
    Worker& operator=(Worker&&) = default;

    void requestStop() { m_thread.request_stop(); }
    bool isRunning() const { return m_thread.joinable(); }

    /// Waits for the end of the work; a second call does nothing.
    void join();

private:
    std::jthread m_thread;
};

} // namespace dubito
